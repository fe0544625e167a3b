"""gpt-mini as an ONNX graph."""

from __future__ import annotations

import onnx
import torch

from ..shared.language.graph import TransformerWriter
from ..shared.language.transformer import Size


def build_graph(state: dict[str, torch.Tensor], size: Size) -> onnx.ModelProto:
    """`input_ids` int64 [N, T] → `logits` float32 [N, T, pieces] of the piece that follows each; the head's matrix is the table of the embeddings."""
    parts = TransformerWriter(state, size)
    x = parts.embeddings(has_norm=False)
    x = parts.stack("decoder", x, parts.causal_mask(), norm_first=True)
    parts.times_transposed("head", x, "embeddings.word.weight", "logits")
    return parts.finish("gpt-mini", "logits", ["N", "T", size.pieces], has_mask=False)
