"""sentiment-mini as an ONNX graph."""

from __future__ import annotations

import numpy as np
import onnx
import torch

from ..bert.graph import write_encoder
from ..shared.language.graph import TransformerWriter
from ..shared.language.transformer import Size
from .model import LABELS


def build_graph(state: dict[str, torch.Tensor], size: Size) -> onnx.ModelProto:
    """`input_ids`, `attention_mask` int64 [N, T] → `logits` float32 [N, 2]."""
    parts = TransformerWriter(state, size)
    hidden = write_encoder(parts)
    add = parts.writer.add_node
    weights = add("Unsqueeze", "pool.weights", ["attention_mask.float", parts.constant("pool.last", [2], np.int64)])
    pieces = parts.constant("pool.pieces", [1], np.int64)
    total = add("ReduceSum", "pool.total", [add("Mul", "pool.masked", [hidden, weights]), pieces], keepdims=0)
    count = add("ReduceSum", "pool.count", [weights, pieces], keepdims=0)
    parts.linear("head", add("Div", "pool", [total, count]), "logits")
    return parts.finish("sentiment-mini", "logits", ["N", len(LABELS)], has_mask=True)
