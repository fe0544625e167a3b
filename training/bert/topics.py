"""
Where each review stands in latent semantic analysis (Deerwester et al. 1990): pieces that occur in the same texts more often than
chance has it (positive pointwise mutual information, Levy and Goldberg 2014) get like vectors, and a text is the mean of its pieces.
Masked pieces teach what can stand in a place, where "awful" and "wonderful" are alike; which words meet in a review tells them apart.
No label is read. Life cycle: the pieces' vectors are found once for a row of texts and kept in `<folder>/topics-<hash>.npy`.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from ..shared.errors import RecipeError
from ..shared.language.corpus import write_whole
from ..shared.language.wordpiece import SEP, SPECIAL

DIMENSIONS = 32
TEXTS_AT_ONCE = 2000
RARE = 20  # texts; pieces in fewer have a vector of zeros


@dataclass
class Topics:
    """Texts of a row with their vectors."""

    ends: torch.Tensor
    """int64 [texts]: the place of each text's [SEP]."""
    values: torch.Tensor
    """float32 [texts, DIMENSIONS], each column of mean 0 and deviation 1, cut at 4."""

    def of(self, places: torch.Tensor, length: int) -> tuple[torch.Tensor, torch.Tensor]:
        """
        For blocks of `length` pieces at `places` (int64 [n], −1: from no text of the row): which lie within one text (bool [n]),
        and the topics of their texts (float32 [n, DIMENSIONS], of no meaning for the other blocks).
        """
        first, last = (torch.searchsorted(self.ends, places + shift) for shift in (0, length))
        inside = (places >= 0) & (first == last)
        return inside, self.values[first.clamp(max=len(self.values) - 1)]


def topic_axes(width: int) -> torch.Tensor:
    """
    The directions in which the mean of the hidden states shows the topics: float32 [DIMENSIONS, width], orthonormal, always the same.
    They are not trained, so that the topics must be large in the states and not only readable from them.
    """
    generator = torch.Generator().manual_seed(0)
    return torch.linalg.qr(torch.randn(width, DIMENSIONS, generator=generator))[0].T.contiguous()


def open_piece_topics(folder: Path, row: np.ndarray, pieces: int) -> torch.Tensor:
    """The pieces' vectors for a row of texts, each ended by [SEP], read from `folder` or found first: float32 [pieces, DIMENSIONS]."""
    path = folder / f"topics-{hashlib.blake2b(row.tobytes(), digest_size=6).hexdigest()}.npy"
    if not path.exists():
        print(f"finding topics of the reviews, once, into {path}", flush=True)
        data = io.BytesIO()
        np.save(data, find_piece_topics(row, pieces).numpy())
        write_whole(path, data.getvalue())
    try:
        return torch.from_numpy(np.load(path))
    except (OSError, ValueError, EOFError):
        raise RecipeError(f"{path} is damaged or cut short. Delete it; the next run makes it again.") from None


def place_texts(row: np.ndarray, vectors: torch.Tensor) -> Topics:
    """Texts as means of their pieces' vectors (float32 [pieces, DIMENSIONS]), standardised."""
    starts, ends = bounds(row)
    means = F.embedding_bag(torch.from_numpy(row[: ends[-1] + 1].astype(np.int64)), vectors, torch.from_numpy(starts), mode="mean")
    values = (means - means.mean(0)) / means.std(0).clamp(min=1e-6)
    return Topics(torch.from_numpy(ends), values.clamp(-4, 4))


def find_piece_topics(row: np.ndarray, pieces: int) -> torch.Tensor:
    """float32 [pieces, DIMENSIONS]: the largest singular vectors of the mutual information, times the roots of their values."""
    together, texts = count_together(row, pieces)
    alone = together.diag().clone()
    information = torch.log(together.clamp(min=1) * texts / (alone[:, None] * alone[None]).clamp(min=1)).clamp(min=0)
    information[together <= 2] = 0  # chance
    information.fill_diagonal_(0)
    left_out = alone < RARE
    left_out[: len(SPECIAL)] = True
    information[left_out] = 0
    information[:, left_out] = 0
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        vectors, values, _ = torch.svd_lowrank(information, q=min(200, pieces), niter=6)
    return (vectors * values.sqrt())[:, :DIMENSIONS].contiguous()


def count_together(row: np.ndarray, pieces: int) -> tuple[torch.Tensor, int]:
    """In how many texts two pieces occur together (on the diagonal: one), float32 [pieces, pieces], and the number of texts."""
    starts, ends = bounds(row)
    together = torch.zeros(pieces, pieces)
    for first in range(0, len(ends), TEXTS_AT_ONCE):
        lengths = (ends - starts)[first : first + TEXTS_AT_ONCE] + 1
        part = row[starts[first] : starts[first] + lengths.sum()].astype(np.int64)
        occurs = torch.zeros(len(lengths), pieces)
        occurs[torch.from_numpy(np.repeat(np.arange(len(lengths)), lengths)), torch.from_numpy(part)] = 1
        together.addmm_(occurs.T, occurs)
    return together, len(ends)


def bounds(row: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where each text of a row begins, and the place of its [SEP]: int64 [texts] each."""
    ends = np.flatnonzero(row == SEP)
    return np.concatenate([[0], ends[:-1] + 1]), ends
