"""The decoder-only network (Radford et al. 2019): norms stand before each sub-layer, and each piece sees only those before it."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import nn

from ..shared.language.transformer import HIDDEN_FAR, Embeddings, Keep, Size, Stack, initialise


class Gpt(nn.Module):
    """Pieces int64 [N, T] → logits of the piece that follows each, float32 [N, T, pieces]; the table of the embeddings is the head's matrix."""

    def __init__(self, size: Size = Size()) -> None:
        super().__init__()
        self.embeddings = Embeddings(size, with_norm=False)
        self.decoder = Stack(size, norm_first=True, causal=True)
        initialise(self, size.layers)

    def forward(self, ids: torch.Tensor, keep: Keep | None = None) -> torch.Tensor:
        far = None
        if keep:
            far = keep("causal_mask", make_causal_mask(ids.shape[1]))
        hidden = self.decoder(self.embeddings(ids, keep), far, "decoder", keep)
        logits = F.linear(hidden, self.embeddings.word.weight)
        return keep("logits", logits) if keep else logits


def make_causal_mask(length: int) -> torch.Tensor:
    """What is added to the scores, float32 [length, length]: row by row the piece that looks, column by column the piece looked at."""
    return torch.full((length, length), HIDDEN_FAR).triu(1)
