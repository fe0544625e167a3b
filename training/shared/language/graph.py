"""
The transformers as ONNX graphs; node names are module paths, a node's value has the node's name. Linear weights keep PyTorch's
layout [outputs, inputs] and pass a Transpose; loading a model folds it away.
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

from ..errors import RecipeError
from ..onnx_graph import GraphWriter, read_weights
from .transformer import EPSILON, HIDDEN_FAR, Size


class TransformerWriter:
    """Writes the parts of a transformer from a state_dict, each named like its module."""

    def __init__(self, state: dict[str, torch.Tensor], size: Size) -> None:
        self.writer = GraphWriter()
        self.size = size
        self.arrays = {name: value.detach().cpu().float().numpy() for name, value in state.items()}

    def constant(self, name: str, value: np.ndarray | float | list[int], dtype: type = np.float32) -> str:
        """A small initializer of its own."""
        return self.writer.add_tensor(name, np.asarray(value, dtype))

    def linear(self, path: str, x: str, output: str | None = None) -> str:
        """x · Wᵀ + b: float32 [..., inputs] → [..., outputs]."""
        weight = self.writer.add_int8_weight(f"{path}.weight", self.arrays[f"{path}.weight"])
        product = self.times_transposed(path, x, weight)
        bias = self.writer.add_tensor(f"{path}.bias", self.arrays[f"{path}.bias"])
        return self.writer.add_node("Add", path, [product, bias], output)

    def times_transposed(self, path: str, x: str, weight: str, output: str | None = None) -> str:
        """x · Wᵀ."""
        turned = self.writer.add_node("Transpose", f"{path}.weight.transpose", [weight], perm=[1, 0])
        return self.writer.add_node("MatMul", f"{path}.product", [x, turned], output)

    def norm(self, path: str, x: str) -> str:
        """LayerNormalization over the last axis."""
        parts = [self.writer.add_tensor(f"{path}.{part}", self.arrays[f"{path}.{part}"]) for part in ("weight", "bias")]
        return self.writer.add_node("LayerNormalization", path, [x, *parts], axis=-1, epsilon=EPSILON)

    def gelu(self, path: str, x: str) -> str:
        """x · (1 + erf(x / √2)) / 2."""
        scaled = self.writer.add_node("Div", f"{path}.scaled", [x, self.constant(f"{path}.root", math.sqrt(2))])
        erf = self.writer.add_node("Erf", f"{path}.erf", [scaled])
        raised = self.writer.add_node("Add", f"{path}.raised", [erf, self.constant(f"{path}.one", 1)])
        doubled = self.writer.add_node("Mul", f"{path}.doubled", [x, raised])
        return self.writer.add_node("Mul", path, [doubled, self.constant(f"{path}.half", 0.5)])

    def embeddings(self, has_norm: bool) -> str:
        """`input_ids` int64 [N, T] → float32 [N, T, W]; the table stays available as `embeddings.word.weight`."""
        table = self.writer.add_int8_weight("embeddings.word.weight", self.arrays["embeddings.word.weight"])
        word = self.writer.add_node("Gather", "embeddings.word", [table, "input_ids"], axis=0)
        places = self.writer.add_tensor("embeddings.position.weight", self.arrays["embeddings.position.weight"])
        length = self.length()
        position = self.writer.add_node("Slice", "embeddings.position", [places, self.constant("embeddings.position.start", [0], np.int64), length])
        x = self.writer.add_node("Add", "embeddings.add", [word, position])
        return self.norm("embeddings.norm", x) if has_norm else x

    def length(self) -> str:
        """T as int64 [1]."""
        return self.writer.add_node("Shape", "input_ids.length", ["input_ids"], start=1, end=2)

    def stack(self, path: str, x: str, far: str, norm_first: bool) -> str:
        """All layers: float32 [N, T, W] → [N, T, W]; `far` is added to the scores float32 [N, H, T, T]."""
        for place in range(self.size.layers):
            x = self._attention(f"{path}.layer.{place}.attention", x, far, norm_first)
            x = self._feed_forward(f"{path}.layer.{place}.feed_forward", x, norm_first)
        return self.norm(f"{path}.norm", x) if norm_first else x

    def _attention(self, path: str, x: str, far: str, norm_first: bool) -> str:
        add, size = self.writer.add_node, self.size
        seen = self.norm(f"{path}.norm", x) if norm_first else x
        heads = self.constant(f"{path}.heads", [0, 0, size.heads, size.width // size.heads], np.int64)

        def split(name: str, perm: list[int]) -> str:
            value = self.linear(f"{path}.{name}", seen)
            apart = add("Reshape", f"{path}.{name}.apart", [value, heads])
            return add("Transpose", f"{path}.{name}.heads", [apart], perm=perm)

        product = add("MatMul", f"{path}.products", [split("query", [0, 2, 1, 3]), split("key", [0, 2, 3, 1])])
        scores = add("Div", f"{path}.scores", [product, self.constant(f"{path}.root", math.sqrt(size.width // size.heads))])
        masked = add("Add", f"{path}.masked_scores", [scores, far])
        probabilities = add("Softmax", f"{path}.probabilities", [masked], axis=-1)
        mixed = add("MatMul", f"{path}.mixed", [probabilities, split("value", [0, 2, 1, 3])])
        together = add("Transpose", f"{path}.mixed.together", [mixed], perm=[0, 2, 1, 3])
        context = add("Reshape", f"{path}.context", [together, self.constant(f"{path}.width", [0, 0, size.width], np.int64)])
        total = add("Add", f"{path}.add", [x, self.linear(f"{path}.output", context)])
        return total if norm_first else self.norm(f"{path}.norm", total)

    def _feed_forward(self, path: str, x: str, norm_first: bool) -> str:
        seen = self.norm(f"{path}.norm", x) if norm_first else x
        wide = self.gelu(f"{path}.gelu", self.linear(f"{path}.intermediate", seen))
        total = self.writer.add_node("Add", f"{path}.add", [x, self.linear(f"{path}.output", wide)])
        return total if norm_first else self.norm(f"{path}.norm", total)

    def far_from_mask(self) -> str:
        """`attention_mask` int64 [N, T] (1: a piece, 0: padding) → what is added to the scores, float32 [N, 1, 1, T]."""
        add = self.writer.add_node
        mask = add("Cast", "attention_mask.float", ["attention_mask"], to=TensorProto.FLOAT)
        padding = add("Sub", "attention_mask.padding", [self.constant("attention_mask.one", 1), mask])
        low = add("Mul", "attention_mask.low", [padding, self.constant("attention_mask.distance", HIDDEN_FAR)])
        return add("Unsqueeze", "attention_mask.far", [low, self.constant("attention_mask.axes", [1, 2], np.int64)])

    def causal_mask(self) -> str:
        """What is added to the scores so that no piece sees a later one: float32 [T, T]."""
        whole = np.triu(np.full((self.size.positions, self.size.positions), HIDDEN_FAR, np.float32), 1)
        start = self.constant("causal_mask.start", [0, 0], np.int64)
        length = "input_ids.length"
        end = self.writer.add_node("Concat", "causal_mask.end", [length, length], axis=0)
        return self.writer.add_node("Slice", "causal_mask", [self.writer.add_tensor("causal_mask.whole", whole), start, end])

    def finish(self, name: str, output: str, output_shape: list[str | int], has_mask: bool) -> onnx.ModelProto:
        """The checked model: `input_ids` (and `attention_mask`) int64 [N, T] → `output` float32."""
        names = ["input_ids", "attention_mask"] if has_mask else ["input_ids"]
        inputs = [helper.make_tensor_value_info(each, TensorProto.INT64, ["N", "T"]) for each in names]
        return self.writer.close(name, inputs, [helper.make_tensor_value_info(output, TensorProto.FLOAT, output_shape)])


def load_state(path: Path, network: torch.nn.Module) -> torch.nn.Module:
    """Fills a network with the weights of a model file, int8 ones dequantised, and sets it to evaluation mode."""
    weights = read_weights(onnx.load(str(path)))
    wanted = set(network.state_dict())
    if wanted - set(weights):
        raise RecipeError(f"{path} does not hold this network: {sorted(wanted - set(weights))[:4]} are missing.")
    network.load_state_dict({name: torch.from_numpy(np.array(weights[name])) for name in wanted})
    return network.eval()


def read_size(path: Path) -> Size:
    """How large the transformer in a model file is."""
    tensors = {tensor.name: tensor for tensor in onnx.load(str(path)).graph.initializer}
    heads = [name for name in tensors if name.endswith("attention.heads")]
    if not heads or "embeddings.word.weight.int8" not in tensors:
        raise RecipeError(f"{path} holds no transformer of these recipes.")
    pieces, width = tensors["embeddings.word.weight.int8"].dims
    inner = tensors[heads[0].replace("attention.heads", "feed_forward.intermediate.weight.int8")].dims[0]
    positions = tensors["embeddings.position.weight"].dims[0]
    return Size(pieces, width, len(heads), int(numpy_helper.to_array(tensors[heads[0]])[2]), inner, positions)


def count_macs(size: Size, length: int, head: int) -> int:
    """Multiplications of all products for one text of `length` pieces, those with the weights and those inside attention; `head`: of the head alone."""
    layer = size.width * (4 * size.width + 2 * size.inner) + 2 * length * size.width
    return size.layers * length * layer + head


def trace_values(network: torch.nn.Module, *inputs: torch.Tensor) -> dict[str, torch.Tensor]:
    """The values of the graph under their ONNX names, computed by PyTorch with attention written out."""
    values: dict[str, torch.Tensor] = {}

    def keep(name: str, value: torch.Tensor) -> torch.Tensor:
        values[name] = value.detach()
        return value

    with torch.inference_mode():
        network(*inputs, keep=keep)
    return values


