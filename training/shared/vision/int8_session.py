"""
The wholly int8 network as the site runs it (src/engine/onnx/quantize-activations.ts): BatchNorm folded into the scales,
activations in uint8, the head in float.
"""

from __future__ import annotations

import numpy as np
import onnx
from onnx import helper, numpy_helper

REARRANGING = ("MaxPool", "Flatten")
"""Operators that only choose or move elements: their output keeps the input's grid."""
COMPUTING = ("Conv", "BatchNormalization", "Relu", "Add", "GlobalAveragePool")
"""Operators whose output is always put on a grid; another's output only where a convolution reads it."""


def to_int8(model: onnx.ModelProto, ranges: dict[str, list[float]]) -> onnx.ModelProto:
    """The QDQ form of a model that GraphWriter made; `ranges` are the manifest's activation ranges."""
    tensors = {t.name: numpy_helper.to_array(t) for t in model.graph.initializer}
    readers: dict[str, list[onnx.NodeProto]] = {}
    for node in model.graph.node:
        for name in node.input:
            readers.setdefault(name, []).append(node)
    nodes: list[onnx.NodeProto] = []
    added: dict[str, np.ndarray] = {}
    grids: dict[str, tuple[np.float32, np.uint8]] = {}
    folded: dict[str, onnx.NodeProto] = {}

    def quantise(value: str, source: str, target: str, grid: tuple[np.float32, np.uint8]) -> None:
        grids[value] = grid
        added[f"{value}.grid"], added[f"{value}.zero"] = np.float32(grid[0]), np.uint8(grid[1])
        pair = [f"{value}.grid", f"{value}.zero"]
        nodes.append(helper.make_node("QuantizeLinear", [source, *pair], [f"{value}.uint8"]))
        nodes.append(helper.make_node("DequantizeLinear", [f"{value}.uint8", *pair], [target]))

    def range_of(value: str) -> list[float]:
        later = [ranges[user.output[0]] for user in readers.get(value, []) if user.op_type in REARRANGING]
        return [min(low for low, _ in (ranges[value], *later)), max(high for _, high in (ranges[value], *later))]

    quantise("input", "input", "input.seen", _grid(ranges["input"], False))
    seen = {"input": "input.seen"}
    for node in model.graph.node:
        if node.op_type == "DequantizeLinear" or node.name in folded:
            continue
        inputs = [seen.get(name, name) for name in node.input]
        output = node.output[0]
        if node.op_type == "Conv":
            norm = readers[output][0]
            folded[norm.name] = norm
            output = norm.output[0]
            inputs = [inputs[0], *_fold(node, norm, tensors, grids[node.input[0]][0], added, nodes)]
        elif node.op_type == "Gemm":
            steps, scale = tensors[f"{node.name}.weight.int8"], tensors[f"{node.name}.weight.scale"]
            added[node.input[1]] = steps.astype(np.float32) * scale[:, None]
            added[node.input[2]] = tensors[node.input[2]]
        users = readers.get(output, [])
        kept = node.op_type in REARRANGING and node.input[0] in grids
        needed = kept or node.op_type in COMPUTING or any(user.op_type == "Conv" for user in users)
        stays_float = not needed or not users or (len(users) == 1 and users[0].op_type == "Relu")
        written = output if stays_float else f"{output}.float"
        copy = onnx.NodeProto()
        copy.CopyFrom(node)
        del copy.input[:], copy.output[:]
        copy.input.extend(inputs)
        copy.output.append(written)
        nodes.append(copy)
        if not stays_float:
            quantise(output, written, output, grids[node.input[0]] if kept else _grid(range_of(output), node.op_type == "Relu"))
    initializers = [numpy_helper.from_array(np.asarray(value), name) for name, value in added.items()]
    graph = helper.make_graph(nodes, f"{model.graph.name}-int8", model.graph.input, model.graph.output, initializers)
    return helper.make_model(graph, opset_imports=model.opset_import, ir_version=model.ir_version)


def _grid(limits: list[float], is_relu: bool) -> tuple[np.float32, np.uint8]:
    low = 0.0 if is_relu else min(0.0, limits[0])
    scale = np.float32(max((max(0.0, limits[1]) - low) / 255, 1e-8))
    return scale, np.uint8(min(255, round(-low / float(scale))))


def _fold(conv: onnx.NodeProto, norm: onnx.NodeProto, tensors: dict, input_scale: np.float32, added: dict, nodes: list) -> list[str]:
    gamma, beta, mean, variance = (tensors[name].astype(np.float64) for name in norm.input[1:5])
    slope = gamma / np.sqrt(variance + 1e-5)
    steps, scale = tensors[f"{conv.name}.weight.int8"].astype(np.int16), tensors[f"{conv.name}.weight.scale"].astype(np.float64)
    signs = np.where(slope < 0, -1, 1).astype(np.int16).reshape(-1, 1, 1, 1)
    scales = np.maximum(scale * np.abs(slope), 1e-12).astype(np.float32)
    bias_scales = (scales * input_scale).astype(np.float32)
    bias = np.rint((beta - mean * slope) / bias_scales.astype(np.float64)).clip(-(2**31) + 1, 2**31 - 1).astype(np.int32)
    results = []
    for part, value, grid in (("weight", (steps * signs).astype(np.int8), scales), ("bias", bias, bias_scales)):
        name = f"{conv.name}.{part}"
        added[f"{name}.q"], added[f"{name}.grid"] = value, grid
        nodes.append(helper.make_node("DequantizeLinear", [f"{name}.q", f"{name}.grid"], [name], axis=0))
        results.append(name)
    return results
