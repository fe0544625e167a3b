"""
Texts as one long row of pieces on disk, and blocks of it in shuffled order. Life cycle: encoded once for a vocabulary into
`<folder>/<name>.u16`, written beside and then renamed; later runs map the file into memory.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from ..errors import RecipeError
from .wordpiece import SEP


@dataclass
class Corpus:
    """Rows of pieces, uint16 [n], each text ended by [SEP]."""

    reviews: np.ndarray
    fiction: np.ndarray
    held_out: np.ndarray
    """Reviews that no recipe trains on."""


def encode_texts(tokenizer: Tokenizer, texts: list[str]) -> np.ndarray:
    """uint16 [n]: the pieces of all texts one after the other, each text followed by [SEP]."""
    parts: list[np.ndarray] = []
    for start in range(0, len(texts), 1000):
        for encoded in tokenizer.encode_batch_fast(texts[start : start + 1000], add_special_tokens=False):
            parts.append(np.asarray([*encoded.ids, SEP], np.uint16))
    return np.concatenate(parts) if parts else np.zeros(0, np.uint16)


def open_corpus(folder: Path, tokenizer: Tokenizer, sources: dict[str, Callable[[], list[str]]]) -> Corpus:
    """The rows of `sources` (reviews, fiction, held_out), read from `folder` or encoded into it first."""
    vocabulary = hashlib.sha256("\n".join(sorted(tokenizer.get_vocab(), key=tokenizer.token_to_id)).encode()).hexdigest()[:12]
    rows = {}
    for name, read in sources.items():
        path = folder / f"{name}-{vocabulary}.u16"
        if not path.exists():
            print(f"encoding {name}, once for this vocabulary, into {path}", flush=True)
            write_whole(path, encode_texts(tokenizer, read()).tobytes())
        rows[name] = _open_row(path, tokenizer.get_vocab_size())
    return Corpus(**rows)


class Blocks:
    """
    Endless blocks of a row of pieces: passes over the whole row, each cut at another place and shuffled. A pure function of
    the seed, so that a resumed training sees what it would have seen.
    """

    def __init__(self, row: np.ndarray, length: int, seed: Iterable[int]) -> None:
        self.row, self.length, self.seed = row, length, list(seed)
        self.count = (len(row) - length) // length
        if self.count < 1:
            raise RecipeError(f"The text has only {len(row)} pieces; a block needs {2 * length}.")
        self.opened: tuple[int, int, np.ndarray] | None = None

    def take(self, first: int, count: int) -> torch.Tensor:
        """Blocks number `first` and the `count` - 1 after it: int64 [count, length]."""
        return self.cut(self.places(first, count))

    def cut(self, places: np.ndarray) -> torch.Tensor:
        """The blocks that begin at `places` of the row, int64 [n]: int64 [n, length]."""
        return torch.from_numpy(self.row[places[:, None] + np.arange(self.length)].astype(np.int64))

    def places(self, first: int, count: int) -> np.ndarray:
        """Where blocks number `first` and the `count` - 1 after it begin in the row: int64 [count]."""
        places = np.empty(count, np.int64)
        for place, number in enumerate(range(first, first + count)):
            start, order = self._open_pass(number // self.count)
            places[place] = start + int(order[number % self.count]) * self.length
        return places

    def _open_pass(self, number: int) -> tuple[int, np.ndarray]:
        if self.opened is None or self.opened[0] != number:
            generator = np.random.default_rng([*self.seed, self.length, number])
            self.opened = (number, int(generator.integers(self.length)), generator.permutation(self.count))
        return self.opened[1], self.opened[2]


def cut_blocks(row: np.ndarray, length: int, limit: int | None = None) -> torch.Tensor:
    """A row from its start in blocks, for measuring: int64 [n, length]; the rest of the row is left out."""
    count = len(row) // length if limit is None else min(limit, len(row) // length)
    return torch.from_numpy(np.asarray(row[: count * length], np.int64).reshape(count, length))


def _open_row(path: Path, pieces: int) -> np.ndarray:
    try:
        row = np.memmap(path, np.uint16, "r")
    except ValueError:  # nothing in it, or half a piece at the end
        row = np.zeros(1, np.uint16)
    if row[-1] != SEP or int(row[: 1 << 20].max()) >= pieces:
        raise RecipeError(f"{path} is damaged or cut short. Delete it; the next run makes it again.")
    return row


def write_whole(path: Path, data: bytes) -> None:
    """Writes a file of the corpus' folder beside its place and renames it; raises RecipeError where there is no room."""
    unfinished = path.with_suffix(f".unfinished-{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(unfinished, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(unfinished, path)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise RecipeError(f"{path} could not be written ({error}). Make room, or give another folder with --corpus.") from error
