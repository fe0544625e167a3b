"""Cases of fused attention, of the default domain and of com.microsoft; the engine writes it out before it looks for rules."""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F

from .case import Case, node


def heads(x: torch.Tensor, count: int) -> torch.Tensor:
    """[batch, tokens, heads · size] → [batch, heads, tokens, size]."""
    return x.unflatten(2, (count, -1)).transpose(1, 2)


def joined(x: torch.Tensor) -> torch.Tensor:
    """[batch, heads, tokens, size] → [batch, tokens, heads · size]."""
    return x.transpose(1, 2).flatten(2)


def attend(q, k, v, bias=0.0, softcap=0.0, scale=None):
    """Attention with softcap, which PyTorch's own has not; bias is added behind it."""
    scores = q @ k.mT * (scale or q.shape[-1] ** -0.5)
    capped = softcap * torch.tanh(scores / softcap) if softcap else scores
    return (capped + bias).softmax(-1) @ v


SEEN = [[True, False, True, True], [True, True, False, False], [False, True, True, True]]
PADDED = np.array([[1, 1, 1], [1, 0, 1]], np.int32)
LENGTHS = np.array([3, 2], np.int32)
FILTER = -50.0
"""A mask_filter_value that float32 adds without losing the score."""


def packed_attention(x, w, c, bias, causal=False):
    """com.microsoft.Attention with two heads."""
    q, k, v = (heads(part, 2) for part in (x @ w + c).chunk(3, -1))
    future = torch.full((x.shape[1],) * 2, -torch.inf, dtype=x.dtype).triu(1) if causal else 0.0
    return joined(attend(q, k, v, bias + future))


ATTENTION = [
    Case("Attention", [node("Attention", "q k v")], {"q": (1, 2, 3, 4), "k": (1, 2, 5, 4), "v": (1, 2, 5, 3)}, F.scaled_dot_product_attention, opset=23),
    Case(
        "Attention over three axes, grouped heads, causal",
        [node("Attention", "q k v", q_num_heads=4, kv_num_heads=2, is_causal=1)],
        {"q": (2, 3, 8), "k": (2, 3, 4), "v": (2, 3, 6)},
        lambda q, k, v: joined(F.scaled_dot_product_attention(heads(q, 4), heads(k, 2), heads(v, 2), is_causal=True, enable_gqa=True)),
        opset=23,
    ),
    Case(
        "Attention with a mask of truth values",
        [node("Attention", "q k v seen")],
        {"q": (2, 1, 3, 2), "k": (2, 1, 4, 2), "v": (2, 1, 4, 2)},
        lambda q, k, v, seen: F.scaled_dot_product_attention(q, k, v, seen),
        constants={"seen": SEEN},
        opset=23,
    ),
    Case(
        "Attention with a mask to add, and a scale",
        [node("Attention", "q k v bias", scale=0.75)],
        {"q": (1, 2, 3, 2), "k": (1, 2, 4, 2), "v": (1, 2, 4, 2), "bias": (2, 3, 4)},
        lambda q, k, v, bias: F.scaled_dot_product_attention(q, k, v, bias, scale=0.75),
        opset=23,
    ),
    Case(
        "Attention with softcap",
        [node("Attention", "q k v", softcap=0.5)],
        {"q": (1, 2, 3, 2), "k": (1, 2, 4, 2), "v": (1, 2, 4, 2)},
        lambda q, k, v: attend(q, k, v, softcap=0.5),
        opset=23,
    ),
    Case(
        "Attention behind a past, causal",
        [node("Attention", "q k v  pastk pastv", "y allk allv", is_causal=1)],
        {"q": (1, 1, 2, 2), "k": (1, 1, 2, 2), "v": (1, 1, 2, 3), "pastk": (1, 1, 3, 2), "pastv": (1, 1, 3, 3)},
        lambda q, k, v, pastk, pastv: attend(q, torch.cat([pastk, k], 2), torch.cat([pastv, v], 2), torch.tensor([[0.0] * 4 + [-torch.inf], [0.0] * 5])),
        opset=23,
    ),
    Case(
        "com.microsoft.Attention with a mask",
        [node("com.microsoft.Attention", "x w c mask", num_heads=2, mask_filter_value=FILTER)],
        {"x": (2, 3, 4), "w": (4, 12), "c": (12,)},
        lambda x, w, c, mask: packed_attention(x, w, c, FILTER * (1 - mask[:, None, None, :])),
        constants={"mask": PADDED},
    ),
    Case(
        "com.microsoft.Attention with lengths, causal",
        [node("com.microsoft.Attention", "x w c lengths", num_heads=2, unidirectional=1, mask_filter_value=FILTER)],
        {"x": (2, 3, 4), "w": (4, 12), "c": (12,)},
        lambda x, w, c, lengths: packed_attention(x, w, c, FILTER * (torch.arange(3) >= lengths[:, None])[:, None, None, :], True),
        constants={"lengths": LENGTHS},
    ),
    Case(
        "com.microsoft.MultiHeadAttention with bias, mask and scores' bias",
        [node("com.microsoft.MultiHeadAttention", "q k v c mask bias", num_heads=2, mask_filter_value=FILTER)],
        {"q": (2, 2, 4), "k": (2, 3, 4), "v": (2, 3, 6), "c": (14,), "bias": (2, 2, 2, 3)},
        lambda q, k, v, c, bias, mask: joined(attend(heads(q + c[:4], 2), heads(k + c[4:8], 2), heads(v + c[8:], 2), bias + FILTER * (1 - mask[:, None, None, :]))),
        constants={"mask": PADDED},
    ),
]
