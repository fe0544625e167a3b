"""The encoder of bert-mini with a head over the mean of its hidden states."""

from __future__ import annotations

import torch
from torch import nn

from ..bert.model import Encoder
from ..shared.language.transformer import Keep, Size, initialise

LABELS = ("negative", "positive")


class Sentiment(Encoder):
    """
    Pieces and mask, int64 [N, T] each → logits float32 [N, 2].

    The head reads the mean over all pieces, not [CLS]: bert-mini never had to put anything into [CLS], since its training asks for
    masked pieces and for topics in the mean.
    """

    def __init__(self, size: Size = Size()) -> None:
        super().__init__(size)
        self.head = nn.Linear(size.width, len(LABELS))
        initialise(self, size.layers)

    def forward(self, ids: torch.Tensor, mask: torch.Tensor, keep: Keep | None = None) -> torch.Tensor:
        note = keep or (lambda _name, value: value)
        weights = mask[:, :, None].to(self.head.weight.dtype)
        pooled = note("pool", (self.encode(ids, mask, keep) * weights).sum(1) / weights.sum(1))
        return note("logits", self.head(pooled))

    def adopt(self, state: dict[str, torch.Tensor]) -> None:
        """Takes the encoder's weights from a bert-mini's state_dict; the head stays as it is."""
        own = {name: value for name, value in state.items() if not name.startswith("head.")}
        self.load_state_dict(own | {name: value for name, value in self.state_dict().items() if name.startswith("head.")})
