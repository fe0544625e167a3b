"""
The encoder (Devlin et al. 2018). Norms stand after each residual sum, as in BERT: with four layers and a warm-up that trains as
well as norms first, and the reader compares it with GPT's order. Every text is one segment, so there are no segment embeddings.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import nn

from ..shared.language.transformer import EPSILON, HIDDEN_FAR, Embeddings, Keep, Size, Stack, initialise


class Encoder(nn.Module):
    """Pieces int64 [N, T] and a mask int64 [N, T] (1: a piece, 0: padding; None: no padding) → hidden states float32 [N, T, W]."""

    def __init__(self, size: Size) -> None:
        super().__init__()
        self.embeddings = Embeddings(size, with_norm=True)
        self.encoder = Stack(size)

    def encode(self, ids: torch.Tensor, mask: torch.Tensor | None = None, keep: Keep | None = None) -> torch.Tensor:
        far = None
        if mask is not None:
            far = (1 - mask[:, None, None, :].to(self.embeddings.word.weight.dtype)) * HIDDEN_FAR
            far = keep("attention_mask.far", far) if keep else far
        return self.encoder(self.embeddings(ids, keep), far, "encoder", keep)


class MaskedWordHead(nn.Module):
    """Hidden states float32 [..., W] → logits [..., pieces] over the table of the embeddings, which is the head's matrix too."""

    def __init__(self, size: Size) -> None:
        super().__init__()
        self.transform = nn.Linear(size.width, size.width)
        self.norm = nn.LayerNorm(size.width, EPSILON)
        self.bias = nn.Parameter(torch.zeros(size.pieces))

    def forward(self, hidden: torch.Tensor, table: torch.Tensor, keep: Keep | None = None) -> torch.Tensor:
        note = keep or (lambda _name, value: value)
        x = note("head.gelu", F.gelu(note("head.transform", self.transform(hidden))))
        return note("logits", F.linear(note("head.norm", self.norm(x)), table, self.bias))


class Bert(Encoder):
    """The encoder with its masked-word head."""

    def __init__(self, size: Size = Size()) -> None:
        super().__init__(size)
        self.head = MaskedWordHead(size)
        initialise(self, size.layers)

    def forward(
        self,
        ids: torch.Tensor,
        mask: torch.Tensor | None = None,
        at: torch.Tensor | None = None,
        keep: Keep | None = None,
        with_means: bool = False,
    ) -> torch.Tensor | tuple[torch.Tensor, torch.Tensor]:
        """
        Logits float32 [N, T, pieces], or [n, pieces] at the places `at` (int64 [n], counted through the flattened batch); on request
        also the mean of each block's hidden states, float32 [N, W].
        """
        hidden = self.encode(ids, mask, keep)
        asked = hidden if at is None else hidden.flatten(0, 1)[at]
        logits = self.head(asked, self.embeddings.word.weight, keep)
        return (logits, hidden.mean(1)) if with_means else logits
