"""One case or more for every gradient rule; shapes are small, pictures NCHW."""

from __future__ import annotations

import torch
import torch.nn.functional as F

from .attention_cases import ATTENTION
from .case import Case, node

MATRIX = {"x": (3, 4)}
PICTURE = (2, 2, 5, 5)


def one(operator: str, compute, positive: bool = False, **options) -> Case:
    """A case of an operator with one input x and attributes."""
    attributes = options.pop("attributes", {})
    return Case(options.pop("name", operator), [node(operator, "x", **attributes)], MATRIX, compute, positive=("x",) if positive else (), **options)


def two(operator: str, compute, **options) -> Case:
    """A case of an operator with two inputs of which one is broadcast."""
    return Case(f"{operator}, broadcast", [node(operator, "x z")], {"x": (2, 3, 4), "z": (3, 1)}, compute, **options)


ELEMENTWISE = [
    one("Identity", lambda x: x),
    two("Add", lambda x, z: x + z),
    Case("Add, both broadcast", [node("Add", "x z")], {"x": (3, 1), "z": (2, 1, 4)}, lambda x, z: x + z),
    Case("Sum of three", [node("Sum", "x z w")], {"x": (3, 4), "z": (4,), "w": (1,)}, lambda x, z, w: x + z + w),
    two("Sub", lambda x, z: x - z),
    two("Mul", lambda x, z: x * z),
    Case("Mul of a value with itself", [node("Mul", "x x")], MATRIX, lambda x: x * x),
    two("Div", lambda x, z: x / z, positive=("z",)),
    one("Neg", lambda x: -x),
    one("Abs", torch.abs),
    one("Reciprocal", torch.reciprocal, positive=True),
    one("Sqrt", torch.sqrt, positive=True),
    one("Exp", torch.exp),
    one("Log", torch.log, positive=True),
    one("Sin", torch.sin),
    one("Cos", torch.cos),
    Case("Pow", [node("Pow", "x z")], {"x": (3, 4), "z": (4,)}, lambda x, z: x**z, positive=("x", "z")),
    Case(
        "Where, broadcast",
        [node("Where", "condition x z")],
        {"x": (3, 4), "z": (3, 1)},
        lambda x, z, condition: torch.where(condition, x, z),
        constants={"condition": [[True, False, True, False], [False, False, True, True], [True, True, True, False]]},
    ),
    Case("Cast there and back", [node("Cast", "x", "wide", to=11), node("Mul", "wide wide", "square"), node("Cast", "square", to=1)], MATRIX, lambda x: x * x),
]

ACTIVATIONS = [
    one("Relu", torch.relu),
    one("LeakyRelu", lambda x: F.leaky_relu(x, 0.125), attributes={"alpha": 0.125}),
    one("Sigmoid", torch.sigmoid),
    one("Tanh", torch.tanh),
    one("Softplus", F.softplus),
    one("Erf", torch.erf),
    one("HardSigmoid", lambda x: torch.clip(x + 0.5, 0, 1), attributes={"alpha": 1.0, "beta": 0.5}),
    Case("HardSwish on both sides of 3", [node("Add", "x x", "double"), node("HardSwish", "double")], {"x": (8, 8)}, lambda x: F.hardswish(2 * x)),
    Case("Clip", [node("Clip", "x low high")], MATRIX, lambda x, low, high: x.clamp(-0.4, 0.3), constants={"low": -0.4, "high": 0.3}),
    Case("Clip from below", [node("Clip", "x low")], MATRIX, lambda x, low: x.clamp(min=-0.4), constants={"low": -0.4}),
    one("Gelu", F.gelu, opset=20),
    one("Gelu", lambda x: F.gelu(x, approximate="tanh"), opset=20, name="Gelu by tanh", attributes={"approximate": "tanh"}),
    one("com.microsoft.Gelu", F.gelu),
]


def written_layer_norm(x, gamma, beta):
    return F.layer_norm(x, (4,), gamma, beta, 1e-5)


MATRICES = [
    Case("MatMul", [node("MatMul", "x z")], {"x": (3, 4), "z": (4, 2)}, torch.matmul),
    Case("MatMul with a batch on the left", [node("MatMul", "x z")], {"x": (2, 3, 4), "z": (4, 2)}, torch.matmul),
    Case("MatMul, batches broadcast", [node("MatMul", "x z")], {"x": (2, 1, 3, 4), "z": (3, 4, 2)}, torch.matmul),
    Case("MatMul, matrix on the left", [node("MatMul", "x z")], {"x": (3, 4), "z": (2, 4, 2)}, torch.matmul),
    Case("MatMul, vector on the left", [node("MatMul", "x z")], {"x": (4,), "z": (2, 4, 3)}, torch.matmul),
    Case("MatMul, vector on the right", [node("MatMul", "x z")], {"x": (2, 3, 4), "z": (4,)}, torch.matmul),
    Case("MatMul of vectors", [node("MatMul", "x z")], {"x": (4,), "z": (4,)}, torch.matmul),
    Case("Gemm", [node("Gemm", "x z c", alpha=0.5, beta=2.0)], {"x": (3, 4), "z": (4, 2), "c": (2,)}, lambda x, z, c: 0.5 * x @ z + 2 * c),
    Case("Gemm, left turned", [node("Gemm", "x z c", transA=1)], {"x": (4, 3), "z": (4, 2), "c": (3, 1)}, lambda x, z, c: x.T @ z + c),
    Case("Gemm, right turned", [node("Gemm", "x z", transB=1)], {"x": (3, 4), "z": (2, 4)}, lambda x, z: x @ z.T),
    Case("Gemm, both turned", [node("Gemm", "x z", transA=1, transB=1)], {"x": (4, 3), "z": (2, 4)}, lambda x, z: x.T @ z.T),
]

REDUCTIONS = [
    Case("ReduceSum", [node("ReduceSum", "x axes", keepdims=0)], {"x": (2, 3, 4)}, lambda x, axes: x.sum((0, 2)), constants={"axes": [0, -1]}),
    one("ReduceSum", lambda x: x.sum().reshape(1, 1), name="ReduceSum of all"),
    Case("ReduceMean", [node("ReduceMean", "x", axes=[1], keepdims=0)], {"x": (2, 3, 4)}, lambda x: x.mean(1)),
    Case("ReduceMean since opset 18", [node("ReduceMean", "x axes")], {"x": (2, 3, 4)}, lambda x, axes: x.mean(1, keepdim=True), constants={"axes": [1]}, opset=18),
    one("Softmax", lambda x: x.softmax(-1)),
    one("Softmax", lambda x: x.softmax(0), name="Softmax over the first axis", attributes={"axis": 0}),
    one("LogSoftmax", lambda x: x.log_softmax(-1)),
]

NORMS = [
    Case(
        "LayerNormalization",
        [node("LayerNormalization", "x gamma beta", epsilon=1e-5)],
        {"x": (2, 3, 4), "gamma": (4,), "beta": (4,)},
        written_layer_norm,
    ),
    Case(
        "LayerNormalization over two axes",
        [node("LayerNormalization", "x gamma beta", axis=1, epsilon=1e-5)],
        {"x": (2, 3, 4), "gamma": (3, 4), "beta": (3, 4)},
        lambda x, gamma, beta: F.layer_norm(x, (3, 4), gamma, beta, 1e-5),
    ),
    Case(
        "LayerNormalization without shift",
        [node("LayerNormalization", "x gamma", epsilon=1e-5)],
        {"x": (3, 4), "gamma": (4,)},
        lambda x, gamma: F.layer_norm(x, (4,), gamma, None, 1e-5),
    ),
    Case(
        "LayerNormalization written out",
        [
            node("ReduceMean", "x", "mean", axes=[-1]),
            node("Sub", "x mean", "centred"),
            node("Pow", "centred two", "squares"),
            node("ReduceMean", "squares", "variance", axes=[-1]),
            node("Add", "variance epsilon", "raised"),
            node("Sqrt", "raised", "deviation"),
            node("Div", "centred deviation", "normalised"),
            node("Mul", "normalised gamma", "scaled"),
            node("Add", "scaled beta"),
        ],
        {"x": (2, 3, 4), "gamma": (4,), "beta": (4,)},
        lambda x, gamma, beta, two, epsilon: written_layer_norm(x, gamma, beta),
        constants={"two": [2.0], "epsilon": [1e-5]},
    ),
    Case(
        "BatchNormalization with stored statistics",
        [node("BatchNormalization", "x gamma beta mean variance", epsilon=1e-5)],
        {"x": (2, 3, 2, 2), "gamma": (3,), "beta": (3,)},
        lambda x, gamma, beta, mean, variance: F.batch_norm(x, mean, variance, gamma, beta, False, 0.1, 1e-5),
        constants={"mean": [0.5, -0.25, 0.125], "variance": [0.5, 2.0, 1.25]},
    ),
    Case(
        "BatchNormalization with batch statistics",
        [node("BatchNormalization", "x gamma beta mean variance", epsilon=1e-5, training_mode=1)],
        {"x": (3, 3, 2, 2), "gamma": (3,), "beta": (3,)},
        lambda x, gamma, beta, mean, variance: F.batch_norm(x, None, None, gamma, beta, True, 0.1, 1e-5),
        constants={"mean": [0.5, -0.25, 0.125], "variance": [0.5, 2.0, 1.25]},
    ),
    Case("Gelu written out", [node("Div", "x root", "scaled"), node("Erf", "scaled", "erf"), node("Add", "erf one", "raised"), node("Mul", "x raised", "doubled"), node("Mul", "doubled half")], MATRIX, lambda x, root, one, half: F.gelu(x), constants={"root": [2**0.5], "one": [1.0], "half": [0.5]}),
]


def windows(kernel: int | list[int], stride: int = 1, pads: list[int] | None = None, dilation: int = 1, **more) -> dict:
    """Attributes of a window in ONNX's words; pads are begins, then ends."""
    kernel = [kernel, kernel] if isinstance(kernel, int) else kernel
    return {"kernel_shape": kernel, "strides": [stride] * 2, "pads": pads or [0] * 4, "dilations": [dilation] * 2, **more}


def conv(name: str, x: tuple[int, ...], w: tuple[int, ...], stride: int = 1, pad: int = 0, dilation: int = 1, group: int = 1, has_bias: bool = False) -> Case:
    """A convolution with the same padding on all sides."""
    shapes = {"x": x, "w": w} | ({"bias": (w[0],)} if has_bias else {})
    attributes = windows(list(w[2:]), stride, [pad] * 4, dilation, group=group)
    compute = lambda x, w, bias=None: F.conv2d(x, w, bias, stride, pad, dilation, group)
    return Case(f"Conv, {name}", [node("Conv", " ".join(shapes), **attributes)], shapes, compute)


PICTURES = [
    conv("3x3 with bias", (2, 2, 4, 4), (2, 2, 3, 3), pad=1, has_bias=True),
    conv("3x3 without padding", (1, 2, 5, 4), (2, 2, 3, 3)),
    conv("1x1", (2, 3, 3, 3), (2, 3, 1, 1)),
    conv("stride 2", (1, 2, 5, 5), (2, 2, 3, 3), stride=2, pad=1),
    conv("stride 2, rows left over", (1, 2, 6, 6), (2, 2, 3, 3), stride=2),
    conv("1x1 with stride 2", (2, 2, 4, 4), (3, 2, 1, 1), stride=2),
    conv("dilated", (1, 1, 6, 6), (2, 1, 3, 3), pad=2, dilation=2),
    # a batch with fewer than sixteen places: computed by its columns
    conv("few places, with bias", (3, 2, 3, 2), (2, 2, 3, 3), pad=1, has_bias=True),
    conv("few places, stride 2", (2, 2, 5, 6), (3, 2, 3, 3), stride=2, pad=1),
    conv("few places, dilated", (2, 2, 3, 3), (2, 2, 3, 3), pad=2, dilation=2),
    conv("few places from many", (2, 1, 5, 5), (2, 1, 3, 2)),
    conv("padding beyond the window", (1, 1, 3, 3), (1, 1, 1, 1), pad=1),
    conv("two groups", (1, 4, 4, 4), (4, 2, 3, 3), pad=1, group=2, has_bias=True),
    conv("depthwise", (2, 3, 4, 4), (3, 1, 3, 3), pad=1, group=3),
    conv("depthwise, stride 2, two outputs each", (1, 2, 5, 5), (4, 1, 3, 3), stride=2, pad=1, group=2),
    Case("Conv, one axis", [node("Conv", "x w", kernel_shape=[3], pads=[1, 1])], {"x": (2, 2, 5), "w": (3, 2, 3)}, lambda x, w: F.conv1d(x, w, padding=1)),
    Case(
        "Conv, uneven padding",
        [node("Conv", "x w", kernel_shape=[2, 3], pads=[1, 0, 0, 2])],
        {"x": (1, 2, 4, 4), "w": (2, 2, 2, 3)},
        lambda x, w: F.conv2d(F.pad(x, (0, 2, 1, 0)), w),
    ),
    Case("GlobalAveragePool", [node("GlobalAveragePool", "x")], {"x": (2, 3, 2, 2)}, lambda x: x.mean((2, 3), keepdim=True)),
    Case("AveragePool", [node("AveragePool", "x", kernel_shape=[2, 2], strides=[2, 2])], {"x": PICTURE}, lambda x: F.avg_pool2d(x, 2, 2)),
    Case(
        "AveragePool that leaves padding out",
        [node("AveragePool", "x", kernel_shape=[3, 3], strides=[2, 2], pads=[1] * 4)],
        {"x": PICTURE},
        lambda x: F.avg_pool2d(x, 3, 2, 1, count_include_pad=False),
    ),
    Case(
        "AveragePool that counts padding",
        [node("AveragePool", "x", kernel_shape=[3, 3], pads=[1] * 4, count_include_pad=1)],
        {"x": PICTURE},
        lambda x: F.avg_pool2d(x, 3, 1, 1),
    ),
    Case(
        "AveragePool rounded up",
        [node("AveragePool", "x", kernel_shape=[2, 2], strides=[2, 2], ceil_mode=1)],
        {"x": PICTURE},
        lambda x: F.avg_pool2d(x, 2, 2, ceil_mode=True),
    ),
    *(
        Case(f"MaxPool, {name}", [node("MaxPool", "x", **windows(kernel, stride, [pad] * 4, dilation, ceil_mode=int(up)))], {"x": PICTURE}, compute, pools=("indices", "compare"))
        for name, kernel, stride, pad, dilation, up, compute in (
            ("2x2", 2, 2, 0, 1, False, lambda x: F.max_pool2d(x, 2, 2)),
            ("overlapping", 3, 2, 1, 1, False, lambda x: F.max_pool2d(x, 3, 2, 1)),
            ("stride 1", 3, 1, 1, 1, False, lambda x: F.max_pool2d(x, 3, 1, 1)),
            ("dilated", 2, 1, 0, 2, False, lambda x: F.max_pool2d(x, 2, 1, 0, 2)),
            ("rounded up", 2, 2, 0, 1, True, lambda x: F.max_pool2d(x, 2, 2, ceil_mode=True)),
        )
    ),
]

CUBE = {"x": (2, 3, 4)}
LAYOUTS = [
    Case("Reshape", [node("Reshape", "x shape")], CUBE, lambda x, shape: x.reshape(4, 6), constants={"shape": [4, -1]}),
    Case("Flatten", [node("Flatten", "x", axis=1)], CUBE, lambda x: x.flatten(1)),
    Case("Squeeze", [node("Squeeze", "x axes")], {"x": (3, 1, 4)}, lambda x, axes: x.squeeze(1), constants={"axes": [1]}),
    Case("Unsqueeze", [node("Unsqueeze", "x axes")], MATRIX, lambda x, axes: x[:, None, :, None], constants={"axes": [1, 3]}),
    Case("Transpose", [node("Transpose", "x", perm=[2, 0, 1])], CUBE, lambda x: x.permute(2, 0, 1)),
    Case("Transpose without an order", [node("Transpose", "x")], CUBE, lambda x: x.permute(2, 1, 0)),
    Case("Expand", [node("Expand", "x shape")], {"x": (3, 1)}, lambda x, shape: x.expand(2, 3, 4), constants={"shape": [2, 3, 4]}),
    one("Dropout", lambda x: x),
    Case("Concat", [node("Concat", "x z x", axis=1)], {"x": (2, 3), "z": (2, 2)}, lambda x, z: torch.cat([x, z, x], 1)),
    Case("Split, one part unused", [node("Split", "x sizes", "y rest", axis=1)], {"x": (2, 5)}, lambda x, sizes: x[:, :2], constants={"sizes": [2, 3]}),
    Case("Split, parts joined", [node("Split", "x sizes", "a b", axis=-1), node("Mul", "a b")], {"x": (3, 4)}, lambda x, sizes: x[:, :2] * x[:, 2:], constants={"sizes": [2, 2]}),
    Case("Slice", [node("Slice", "x starts ends axes")], CUBE, lambda x, *_: x[:, 1:3, -3:], constants={"starts": [1, -3], "ends": [3, 2**31 - 1], "axes": [1, -1]}),
    Case("Slice in steps", [node("Slice", "x starts ends axes steps")], {"x": (2, 7)}, lambda x, *_: x[:, 1:6:3], constants={"starts": [1], "ends": [6], "axes": [1], "steps": [3]}),
    Case("Slice backwards", [node("Slice", "x starts ends axes steps")], {"x": (2, 7)}, lambda x, *_: x.flip(1)[:, 1:6:2], constants={"starts": [-2], "ends": [0], "axes": [1], "steps": [-2]}),
    Case("Pad", [node("Pad", "x pads")], MATRIX, lambda x, pads: F.pad(x, (2, 0, 1, 3)), constants={"pads": [1, 2, 3, 0]}),
    Case("Pad that cuts", [node("Pad", "x pads")], MATRIX, lambda x, pads: F.pad(x, (-1, 2, 0, -1)), constants={"pads": [0, -1, -1, 2]}),
    Case("Gather of rows, some twice", [node("Gather", "x rows")], MATRIX, lambda x, rows: x[rows], constants={"rows": [[0, 2], [2, -1]]}),
    Case("Gather of one column", [node("Gather", "x rows", axis=1)], CUBE, lambda x, rows: x[:, 1], constants={"rows": -2}),
    Case("Gather along a middle axis", [node("Gather", "x rows", axis=1)], CUBE, lambda x, rows: x[:, rows], constants={"rows": [2, 0, 2]}),
]

CASES = [*ELEMENTWISE, *ACTIVATIONS, *MATRICES, *REDUCTIONS, *NORMS, *PICTURES, *LAYOUTS, *ATTENTION]
