"""The network with int8 weights and uint8 inputs of every product with them, as a fast session would run it; the rest in float."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import helper, numpy_helper


def to_int8(model: onnx.ModelProto, ranges: dict[str, list[float]]) -> onnx.ModelProto:
    """A copy in which what enters a product with weights passes the 256 steps of its range in the manifest."""
    changed = onnx.ModelProto()
    changed.CopyFrom(model)
    nodes: list[onnx.NodeProto] = []
    done: set[str] = set()
    for node in model.graph.node:
        copy = onnx.NodeProto()
        copy.CopyFrom(node)
        if node.op_type == "MatMul" and node.name.endswith(".product"):
            value = node.input[0]
            if value not in done:
                done.add(value)
                low, high = min(0.0, ranges[value][0]), max(0.0, ranges[value][1])
                grid = np.float32(max((high - low) / 255, 1e-8))
                for part, number in (("grid", grid), ("zero", np.uint8(min(255, round(-low / float(grid)))))):
                    changed.graph.initializer.append(numpy_helper.from_array(np.asarray(number), f"{value}.{part}"))
                pair = [f"{value}.grid", f"{value}.zero"]
                nodes.append(helper.make_node("QuantizeLinear", [value, *pair], [f"{value}.uint8"]))
                nodes.append(helper.make_node("DequantizeLinear", [f"{value}.uint8", *pair], [f"{value}.seen"]))
            copy.input[0] = f"{value}.seen"
        nodes.append(copy)
    del changed.graph.node[:]
    changed.graph.node.extend(nodes)
    return changed


class OnnxNetwork:
    """A model file as a function of the same tensors as the PyTorch network: int64 inputs → float32 logits."""

    def __init__(self, model: onnx.ModelProto, threads: int = 1) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self.session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
        self.names = [each.name for each in self.session.get_inputs()]

    def __call__(self, *inputs: torch.Tensor, at: torch.Tensor | None = None) -> torch.Tensor:
        """Logits, of the places `at` in the flattened batch if given; a mask that was left out is all ones."""
        given = list(inputs) + [torch.ones_like(inputs[0])] * (len(self.names) - len(inputs))
        [logits] = self.session.run(["logits"], {name: value.numpy() for name, value in zip(self.names, given)})
        result = torch.from_numpy(logits)
        return result if at is None else result.flatten(0, 1)[at]


def load_int8(path: Path, ranges: dict[str, list[float]], threads: int) -> OnnxNetwork:
    """The int8 form of a model file."""
    return OnnxNetwork(to_int8(onnx.load(str(path)), ranges), threads)
