"""
Masking as in BERT: of the chosen pieces 80 % become [MASK], 10 % a random piece, 10 % stay. Single pieces are chosen, not whole
words: the site asks for single pieces, and the accuracy on the card is counted in pieces.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch

from ..shared.language.wordpiece import MASK, SPECIAL

TEST_SHARE = 0.15


@dataclass
class Masked:
    """A batch with holes."""

    ids: torch.Tensor
    """int64 [N, T], the holes made."""
    at: torch.Tensor
    """int64 [n], places of the chosen pieces in the flattened batch."""
    targets: torch.Tensor
    """int64 [n], the pieces that stood there."""


def mask_pieces(ids: torch.Tensor, share: float, pieces: int, generator: torch.Generator) -> Masked:
    """Chooses each piece that is not special with probability `share` (at least one in all): ids int64 [N, T]."""
    first = len(SPECIAL)
    chosen = (torch.rand(ids.shape, generator=generator) < share) & (ids >= first)
    if not chosen.any():
        chosen.view(-1)[(ids >= first).flatten().nonzero()[:1, 0]] = True
    at = chosen.flatten().nonzero()[:, 0]
    targets = ids.flatten()[at]
    fate = torch.rand(len(at), generator=generator)
    random = torch.randint(first, pieces, (len(at),), generator=generator)
    holes = torch.where(fate < 0.8, torch.full_like(targets, MASK), torch.where(fate < 0.9, random, targets))
    masked = ids.flatten().clone()
    masked[at] = holes
    return Masked(masked.view_as(ids), at, targets)
