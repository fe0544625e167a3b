"""A picture network as an ONNX graph: one node for each module, named by its path; the reverse; and every value of it by name."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import torch
from torch import fx, nn

from ..errors import RecipeError
from ..onnx_graph import GraphWriter, read_weights
from .architecture import Add, Architecture, Concat, GlobalAveragePool

SIDE = 64


class _Leaves(fx.Tracer):
    """Follows a forward pass down to the modules that have no children."""

    def is_leaf_module(self, m: nn.Module, module_qualified_name: str) -> bool:
        return not list(m.children())


def build_graph(network: nn.Module, name: str) -> onnx.ModelProto:
    """The inference graph with int8 weights and BatchNorm unfolded. Nodes and values bear the paths of modules; the head's is `logits`."""
    writer = GraphWriter()
    names: dict[fx.Node, str] = {}
    for step in _Leaves().trace(network).nodes:
        if step.op == "placeholder":
            names[step] = "input"
        elif step.op == "call_module":
            module = network.get_submodule(step.target)
            inputs = [names[value] for value in step.args]
            names[step] = _add_module(writer, step.target, module, inputs)
        elif step.op != "output":
            raise TypeError(f"{name}: the forward pass computes {step.target} outside a module, so that its value has no name.")
    return writer.finish(name, SIDE, "logits", network.head.out_features)


def _add_module(writer: GraphWriter, path: str, module: nn.Module, inputs: list[str]) -> str:
    if isinstance(module, nn.Conv2d):
        weight = writer.add_int8_weight(f"{path}.weight", _array(module.weight))
        return writer.add_node("Conv", path, [*inputs, weight], **_window(module.kernel_size, module.stride, module.padding))
    if isinstance(module, nn.BatchNorm2d):
        parts = {"weight": module.weight, "bias": module.bias, "running_mean": module.running_mean, "running_var": module.running_var}
        tensors = [writer.add_tensor(f"{path}.{part}", _array(value)) for part, value in parts.items()]
        return writer.add_node("BatchNormalization", path, [*inputs, *tensors], epsilon=module.eps)
    if isinstance(module, nn.MaxPool2d):
        return writer.add_node("MaxPool", path, inputs, **_window(module.kernel_size, module.stride, module.padding))
    if isinstance(module, nn.Linear):
        weight = writer.add_int8_weight(f"{path}.weight", _array(module.weight))
        return writer.add_node("Gemm", path, [*inputs, weight, writer.add_tensor(f"{path}.bias", _array(module.bias))], "logits", transB=1)
    plain = {nn.ReLU: "Relu", Add: "Add", GlobalAveragePool: "GlobalAveragePool"}
    if type(module) in plain:
        return writer.add_node(plain[type(module)], path, inputs)
    if isinstance(module, (Concat, nn.Flatten)):
        return writer.add_node(type(module).__name__, path, inputs, axis=1)
    raise TypeError(f"{path} is a {type(module).__name__}, for which the exporter has no rule.")


def _window(kernel, stride, padding) -> dict[str, list[int]]:
    (kernel, stride, padding) = ([value, value] if isinstance(value, int) else list(value) for value in (kernel, stride, padding))
    return {"kernel_shape": kernel, "strides": stride, "pads": padding * 2}


def _array(tensor: torch.Tensor) -> np.ndarray:
    return tensor.detach().cpu().float().numpy()


def load_network(architecture: Architecture, path: Path) -> nn.Module:
    """The network that a model file holds, its int8 weights dequantised, in evaluation mode."""
    if not path.exists():
        raise RecipeError(f"There is no model file {path}. Make it with: python -m training.{architecture.id} export")
    try:
        weights = read_weights(onnx.load(str(path)))
    except Exception as error:  # protobuf raises its own kinds for a damaged file
        raise RecipeError(f"{path} is damaged or no ONNX file ({type(error).__name__}). Export it again.") from error
    if "head.bias" not in weights:
        raise RecipeError(f"{path} does not hold a network of these recipes: it has no head.bias.")
    network = architecture.build(len(weights["head.bias"]))
    state = {name: torch.from_numpy(np.array(value)) for name, value in weights.items()}
    differing = {name for name in network.state_dict() if not name.endswith("num_batches_tracked")} ^ set(state)
    if differing:
        raise RecipeError(f"{path} does not hold a {architecture.name}: {sorted(differing)[:4]} do not match.")
    network.load_state_dict(state, strict=False)
    return network.eval()


def trace_values(network: nn.Module, pixels: torch.Tensor) -> dict[str, torch.Tensor]:
    """Every value of the graph under its ONNX name, computed by PyTorch: pixels float32 [n, 3, 64, 64]."""
    values: dict[str, torch.Tensor] = {"input": pixels}
    handles = []
    for name, module in network.named_modules():
        if name and not list(module.children()):
            keep = lambda _module, _inputs, output, name=name: values.__setitem__("logits" if name == "head" else name, output)
            handles.append(module.register_forward_hook(keep))
    with torch.inference_mode():
        network(pixels)
    for handle in handles:
        handle.remove()
    return values


def count_macs(model: onnx.ModelProto) -> int:
    """Multiplications of all convolutions and of the head for one picture."""
    inferred = onnx.shape_inference.infer_shapes(model)
    shapes = {info.name: [d.dim_value for d in info.type.tensor_type.shape.dim] for info in inferred.graph.value_info}
    weights = {tensor.name: list(tensor.dims) for tensor in model.graph.initializer}
    total = 0
    for node in model.graph.node:
        if node.op_type == "Conv":
            kernel = weights[f"{node.name}.weight.int8"]
            _, channels, height, width = shapes[node.output[0]]
            total += channels * height * width * kernel[1] * kernel[2] * kernel[3]
        elif node.op_type == "Gemm":
            rows, columns = weights[f"{node.name}.weight.int8"]
            total += rows * columns
    return total
