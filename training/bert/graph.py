"""bert-mini as an ONNX graph."""

from __future__ import annotations

import onnx
import torch

from ..shared.language.graph import TransformerWriter
from ..shared.language.transformer import Size


def build_graph(state: dict[str, torch.Tensor], size: Size) -> onnx.ModelProto:
    """`input_ids`, `attention_mask` int64 [N, T] → `logits` float32 [N, T, pieces]; the head reads the table of the embeddings."""
    parts = TransformerWriter(state, size)
    hidden = write_encoder(parts)
    x = parts.norm("head.norm", parts.gelu("head.gelu", parts.linear("head.transform", hidden)))
    product = parts.times_transposed("head", x, "embeddings.word.weight")
    parts.writer.add_node("Add", "head", [product, parts.writer.add_tensor("head.bias", parts.arrays["head.bias"])], "logits")
    return parts.finish("bert-mini", "logits", ["N", "T", size.pieces], has_mask=True)


def write_encoder(parts: TransformerWriter) -> str:
    """Embeddings and layers; returns the last hidden state's name, float32 [N, T, W]."""
    x = parts.embeddings(has_norm=True)
    return parts.stack("encoder", x, parts.far_from_mask(), norm_first=False)
