"""Writes an ONNX graph node by node, so that every node, value and initializer has the name that the site relies on."""

from __future__ import annotations

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from .quantise import dequantise_channels, quantise_channels

OPSET = 17
IR_VERSION = 8  # the one that came with opset 17; older readers refuse newer ones


class GraphWriter:
    """Collects nodes and initializers. A node's one output has the node's name unless `output` says otherwise."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.initializers: list[onnx.TensorProto] = []

    def add_node(self, operator: str, name: str, inputs: list[str], output: str | None = None, **attributes) -> str:
        """Appends a node and returns the name of its output."""
        self.nodes.append(helper.make_node(operator, inputs, [output or name], name=name, **attributes))
        return output or name

    def add_tensor(self, name: str, value: np.ndarray) -> str:
        """Adds an initializer of its own, even if another holds the same numbers."""
        self.initializers.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def add_int8_weight(self, name: str, weight: np.ndarray) -> str:
        """Stores a weight as int8 with scales and a DequantizeLinear whose output is called `name`."""
        steps, scale = quantise_channels(weight)
        inputs = [self.add_tensor(f"{name}.int8", steps), self.add_tensor(f"{name}.scale", scale)]
        return self.add_node("DequantizeLinear", f"{name}.dequantize", inputs, name, axis=0)

    def finish(self, name: str, side: int, output: str, classes: int) -> onnx.ModelProto:
        """The checked model of a picture network: `input` float32 [N, 3, side, side] → `output` float32 [N, classes]."""
        source = helper.make_tensor_value_info("input", TensorProto.FLOAT, ["N", 3, side, side])
        target = helper.make_tensor_value_info(output, TensorProto.FLOAT, ["N", classes])
        return self.close(name, [source], [target])

    def close(self, name: str, inputs: list[onnx.ValueInfoProto], outputs: list[onnx.ValueInfoProto]) -> onnx.ModelProto:
        """The checked model with these inputs and outputs."""
        graph = helper.make_graph(self.nodes, name, inputs, outputs, self.initializers)
        opsets = [helper.make_opsetid("", OPSET)]
        model = helper.make_model(graph, producer_name="thaw training", ir_version=IR_VERSION, opset_imports=opsets)
        onnx.checker.check_model(model, full_check=True)
        return model


def read_weights(model: onnx.ModelProto) -> dict[str, np.ndarray]:
    """All weights of a file that GraphWriter made, under their PyTorch names, int8 ones as float32."""
    tensors = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    weights = {}
    for name, value in tensors.items():
        if name.endswith(".int8"):
            weights[name.removesuffix(".int8")] = dequantise_channels(value, tensors[name.removesuffix(".int8") + ".scale"])
        elif not name.endswith(".scale"):
            weights[name] = value
    return weights
