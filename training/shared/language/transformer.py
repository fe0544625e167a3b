"""
Transformer layers (Vaswani et al. 2017) whose parameter names are the names that the ONNX files and the site use. Shapes:
N sentences, T pieces, W wide, H heads.

Every `forward` takes `keep`: None computes attention in one fused call; a function is told every value of the ONNX graph
under its name, with attention written out.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import nn

Keep = Callable[[str, torch.Tensor], torch.Tensor]
EPSILON = 1e-5  # of LayerNorm, as PyTorch's default
HIDDEN_FAR = -1e4  # added to the scores of pieces that may not be seen; finite, so that int8 ranges and gradients stay so


@dataclass(frozen=True)
class Size:
    """How large a transformer is."""

    pieces: int = 8000
    width: int = 256
    layers: int = 4
    heads: int = 4
    inner: int = 1024
    positions: int = 128


class Attention(nn.Module):
    """Self-attention with its residual path: float32 [N, T, W] → [N, T, W]."""

    def __init__(self, size: Size, norm_first: bool, causal: bool) -> None:
        super().__init__()
        self.heads, self.norm_first, self.causal = size.heads, norm_first, causal
        self.query = nn.Linear(size.width, size.width)
        self.key = nn.Linear(size.width, size.width)
        self.value = nn.Linear(size.width, size.width)
        self.output = nn.Linear(size.width, size.width)
        self.norm = nn.LayerNorm(size.width, EPSILON)

    def forward(self, x: torch.Tensor, far: torch.Tensor | None, path: str, keep: Keep | None) -> torch.Tensor:
        note = keep or _forget
        seen = note(f"{path}.norm", self.norm(x)) if self.norm_first else x
        batch, length, width = x.shape

        def split(name: str) -> torch.Tensor:  # float32 [N, H, T, W / H]
            return note(f"{path}.{name}", getattr(self, name)(seen)).view(batch, length, self.heads, -1).transpose(1, 2)

        query, key, value = split("query"), split("key"), split("value")
        if keep is None:
            mixed = F.scaled_dot_product_attention(query, key, value, far, is_causal=self.causal and far is None)
        else:
            scores = keep(f"{path}.scores", query @ key.transpose(2, 3) / math.sqrt(width // self.heads))
            if far is not None:
                scores = keep(f"{path}.masked_scores", scores + far)
            mixed = keep(f"{path}.mixed", keep(f"{path}.probabilities", scores.softmax(-1)) @ value)
        context = note(f"{path}.context", mixed.transpose(1, 2).reshape(batch, length, width))
        total = note(f"{path}.add", x + note(f"{path}.output", self.output(context)))
        return total if self.norm_first else note(f"{path}.norm", self.norm(total))


class FeedForward(nn.Module):
    """Two linear layers around a GELU (Hendrycks and Gimpel 2016), with the residual path: float32 [N, T, W] → [N, T, W]."""

    def __init__(self, size: Size, norm_first: bool) -> None:
        super().__init__()
        self.norm_first = norm_first
        self.intermediate = nn.Linear(size.width, size.inner)
        self.output = nn.Linear(size.inner, size.width)
        self.norm = nn.LayerNorm(size.width, EPSILON)

    def forward(self, x: torch.Tensor, path: str, keep: Keep | None) -> torch.Tensor:
        note = keep or _forget
        seen = note(f"{path}.norm", self.norm(x)) if self.norm_first else x
        wide = note(f"{path}.gelu", F.gelu(note(f"{path}.intermediate", self.intermediate(seen))))
        total = note(f"{path}.add", x + note(f"{path}.output", self.output(wide)))
        return total if self.norm_first else note(f"{path}.norm", self.norm(total))


class Layer(nn.Module):
    """One transformer layer: float32 [N, T, W] → [N, T, W]."""

    def __init__(self, size: Size, norm_first: bool, causal: bool) -> None:
        super().__init__()
        self.attention = Attention(size, norm_first, causal)
        self.feed_forward = FeedForward(size, norm_first)

    def forward(self, x: torch.Tensor, far: torch.Tensor | None, path: str, keep: Keep | None) -> torch.Tensor:
        x = self.attention(x, far, f"{path}.attention", keep)
        return self.feed_forward(x, f"{path}.feed_forward", keep)


class Stack(nn.Module):
    """Layers one after the other; with the norms first in each, one more norm ends the stack."""

    def __init__(self, size: Size, norm_first: bool = False, causal: bool = False) -> None:
        super().__init__()
        self.layer = nn.ModuleList(Layer(size, norm_first, causal) for _ in range(size.layers))
        self.norm = nn.LayerNorm(size.width, EPSILON) if norm_first else None

    def forward(self, x: torch.Tensor, far: torch.Tensor | None, path: str, keep: Keep | None) -> torch.Tensor:
        for place, layer in enumerate(self.layer):
            x = layer(x, far, f"{path}.layer.{place}", keep)
        return x if self.norm is None else (keep or _forget)(f"{path}.norm", self.norm(x))


class Embeddings(nn.Module):
    """Pieces and their places: int64 [N, T] → float32 [N, T, W]."""

    def __init__(self, size: Size, with_norm: bool) -> None:
        super().__init__()
        self.word = nn.Embedding(size.pieces, size.width)
        self.position = nn.Embedding(size.positions, size.width)
        self.norm = nn.LayerNorm(size.width, EPSILON) if with_norm else None

    def forward(self, ids: torch.Tensor, keep: Keep | None) -> torch.Tensor:
        note = keep or _forget
        word = note("embeddings.word", self.word(ids))
        position = note("embeddings.position", self.position.weight[: ids.shape[1]])
        total = note("embeddings.add", word + position)
        return total if self.norm is None else note("embeddings.norm", self.norm(total))


def initialise(network: nn.Module, layers: int) -> None:
    """Weights N(0, 0.02²), what leads into the residual path smaller by √(2 · layers), as GPT-2 has it; biases zero."""
    for name, module in network.named_modules():
        if isinstance(module, (nn.Linear, nn.Embedding)):
            into_residual = name.endswith(("attention.output", "feed_forward.output"))
            nn.init.normal_(module.weight, std=0.02 / math.sqrt(2 * layers) if into_residual else 0.02)
        if isinstance(module, nn.Linear) and module.bias is not None:
            nn.init.zeros_(module.bias)


def _forget(_name: str, value: torch.Tensor) -> torch.Tensor:
    return value
