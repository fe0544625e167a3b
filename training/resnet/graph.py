"""The ResNet as an ONNX graph; node names are module paths."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import torch

from ..shared.errors import RecipeError
from ..shared.onnx_graph import GraphWriter, read_weights
from .model import WIDTHS, ResNet

EPSILON = 1e-5  # of BatchNorm, as PyTorch's default


def build_graph(state: dict[str, torch.Tensor], name: str) -> onnx.ModelProto:
    """The inference graph with int8 weights and BatchNorm unfolded."""
    arrays = {key: value.detach().cpu().float().numpy() for key, value in state.items()}
    writer = GraphWriter()

    def conv(path: str, x: str, kernel: int, stride: int) -> str:
        weight = writer.add_int8_weight(f"{path}.weight", arrays[f"{path}.weight"])
        pad = kernel // 2
        shape = {"kernel_shape": [kernel, kernel], "strides": [stride, stride], "pads": [pad] * 4}
        return writer.add_node("Conv", path, [x, weight], **shape)

    def batch_norm(path: str, x: str) -> str:
        parts = [writer.add_tensor(f"{path}.{part}", arrays[f"{path}.{part}"]) for part in ("weight", "bias", "running_mean", "running_var")]
        return writer.add_node("BatchNormalization", path, [x, *parts], epsilon=EPSILON)

    x = conv("stem.conv", "input", 3, 2)
    x = batch_norm("stem.bn", x)
    x = writer.add_node("Relu", "stem.relu", [x])
    x = writer.add_node("MaxPool", "stem.pool", [x], kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1])
    for stage in range(1, len(WIDTHS) + 1):
        for block in range(2):
            path = f"layer{stage}.{block}"
            shortcut = x
            has_downsample = f"{path}.downsample.0.weight" in arrays
            stride = 2 if has_downsample else 1
            x = conv(f"{path}.conv1", x, 3, stride)
            x = batch_norm(f"{path}.bn1", x)
            x = writer.add_node("Relu", f"{path}.relu1", [x])
            x = conv(f"{path}.conv2", x, 3, 1)
            x = batch_norm(f"{path}.bn2", x)
            if has_downsample:
                shortcut = conv(f"{path}.downsample.0", shortcut, 1, stride)
                shortcut = batch_norm(f"{path}.downsample.1", shortcut)
            x = writer.add_node("Add", f"{path}.add", [x, shortcut])
            x = writer.add_node("Relu", f"{path}.relu2", [x])
    x = writer.add_node("GlobalAveragePool", "pool", [x])
    x = writer.add_node("Flatten", "flatten", [x], axis=1)
    weight = writer.add_int8_weight("head.weight", arrays["head.weight"])
    writer.add_node("Gemm", "head", [x, weight, writer.add_tensor("head.bias", arrays["head.bias"])], "logits", transB=1)
    return writer.finish(name, 64, "logits", len(arrays["head.bias"]))


def load_network(path: Path) -> ResNet:
    """The network that a model file holds, its int8 weights dequantised, in evaluation mode."""
    if not path.exists():
        raise RecipeError(f"There is no model file {path}. Make it with: python -m training.resnet export")
    weights = read_weights(onnx.load(str(path)))
    network = ResNet(len(weights["head.bias"]))
    state = {name: torch.from_numpy(np.array(value)) for name, value in weights.items()}
    absent = {name for name in network.state_dict() if not name.endswith("num_batches_tracked")} ^ set(state)
    if absent:
        raise RecipeError(f"{path} does not hold this network: {sorted(absent)[:4]} do not match.")
    network.load_state_dict(state, strict=False)
    return network.eval()


def trace_values(network: ResNet, pixels: torch.Tensor) -> dict[str, torch.Tensor]:
    """Every value of the graph under its ONNX name, computed by PyTorch: pixels float32 [n, 3, 64, 64]."""
    values: dict[str, torch.Tensor] = {"input": pixels}
    handles = []
    for name, module in network.named_modules():
        if name and not list(module.children()):
            keep = lambda _module, _inputs, output, name=name: values.__setitem__("logits" if name == "head" else name, output)
            handles.append(module.register_forward_hook(keep))
        elif hasattr(module, "relu2"):
            keep = lambda _module, inputs, name=name: values.__setitem__(f"{name}.add", inputs[0])
            handles.append(module.relu2.register_forward_pre_hook(keep))
    keep = lambda _module, inputs: values.update(pool=inputs[0][:, :, None, None], flatten=inputs[0])
    handles.append(network.head.register_forward_pre_hook(keep))
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
