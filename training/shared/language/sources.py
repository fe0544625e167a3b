"""Which text a language recipe reads: the data folder's reviews and fiction, or for a smoke run the course's own chapters."""

from __future__ import annotations

import argparse
import bisect
import os
import re
from collections.abc import Callable
from pathlib import Path

import torch
from tokenizers import Tokenizer

from ..devices import Devices
from ..errors import RecipeError
from ..files import ROOT, shared_folder
from .corpus import Blocks, Corpus, open_corpus
from .text import read_fiction, read_reviews
from .wordpiece import VOCABULARY_FILE, load_tokenizer, train_vocabulary

# Share of the steps until which blocks have so many pieces: short ones teach the first half at less cost for attention.
LENGTHS = ((0.5, 64), (1.0, 128))
REVIEW_SHARE = 0.85  # of a batch; the rest is fiction, so that not everything is about films
SMOKE_PIECES = 600


def vocabulary_path(args: argparse.Namespace) -> Path:
    """The course's vocabulary, or a smoke run's own."""
    return Path(args.corpus) / "vocab.txt" if args.smoke else VOCABULARY_FILE


def open_vocabulary(args: argparse.Namespace) -> Tokenizer:
    """The course's tokenizer, or for a smoke run a tiny one, learnt from the chapters when it is first needed."""
    path = vocabulary_path(args)
    if args.smoke and not path.exists():
        write_vocabulary(path, train_vocabulary(read_chapters(), SMOKE_PIECES))
    return load_tokenizer(path)


def open_text(args: argparse.Namespace) -> tuple[Tokenizer, Corpus]:
    """The tokenizer and the encoded text that the command line asks for."""
    shared = shared_folder(args.shared)
    sources: dict[str, Callable[[], list[str]]] = {
        "reviews": lambda: read_reviews(shared).train,
        "fiction": lambda: read_fiction(shared),
        "held_out": lambda: read_reviews(shared).held_out,
    }
    if args.smoke:
        texts = read_chapters()
        sources = {"reviews": lambda: texts, "fiction": lambda: texts[::2], "held_out": lambda: texts[1::2]}
    tokenizer = open_vocabulary(args)
    return tokenizer, open_corpus(Path(args.corpus), tokenizer, sources)


def read_chapters() -> list[str]:
    """Paragraphs of the course, enough text to try a recipe without the data folder."""
    texts = []
    for path in sorted((ROOT / "content").rglob("*.md*")):
        whole = re.sub(r"<[^>]*>|^---$.*?^---$", " ", path.read_text(), flags=re.MULTILINE | re.DOTALL)
        texts += [" ".join(part.split()) for part in whole.split("\n\n") if len(part.split()) > 12]
    return texts


def write_vocabulary(path: Path, pieces: list[str]) -> None:
    """One piece a line, its number the line's."""
    unfinished = path.with_suffix(".unfinished")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished.write_text("\n".join(pieces) + "\n")
        os.replace(unfinished, path)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise RecipeError(f"{path} could not be written ({error}). Make room and run again.") from error


class Phases:
    """The batches of a training by step number: first short blocks, then long ones, of the same number of pieces in all."""

    def __init__(self, corpus: Corpus, args: argparse.Namespace, overlap: int) -> None:
        """`overlap`: how many pieces a block has beyond its length (-1: room for [CLS]; 1: the piece after the last)."""
        longest = args.size.positions
        self.lengths = [min(length, longest) for _, length in LENGTHS]
        self.ends = [round(until * args.steps) for until, _ in LENGTHS]
        self.batches = [args.batch // length for length in self.lengths]
        self.micro_pieces = args.micro
        self.reviews = [Blocks(corpus.reviews, length + overlap, [args.seed, 0]) for length in self.lengths]
        self.fiction = [Blocks(corpus.fiction, length + overlap, [args.seed, 1]) for length in self.lengths]

    def next_batch(self, step: int, devices: Devices) -> tuple[torch.Tensor, torch.Tensor]:
        """
        This process's blocks of a step, int64 [batch / processes, length + overlap], and where each begins in the row of reviews
        (−1: it is fiction), int64 [batch / processes].
        """
        phase = self._phase(step)
        since = step - (self.ends[phase - 1] if phase else 0)
        batch = self.batches[phase]
        share = devices.share_of(batch)
        fiction = round(batch * (1 - REVIEW_SHARE))
        mine = slice(devices.rank * share, (devices.rank + 1) * share)
        begins = self.reviews[phase].places(since * (batch - fiction), batch - fiction)
        # interleaved, so that every process and every micro-batch gets its share of both
        both = torch.cat([self.reviews[phase].cut(begins), self.fiction[phase].take(since * fiction, fiction)])
        places = torch.cat([torch.from_numpy(begins), torch.full((fiction,), -1)])
        order = torch.randperm(batch, generator=torch.Generator().manual_seed(step))
        return both[order][mine], places[order][mine]

    def micro(self, step: int) -> int:
        """Blocks that are computed at once."""
        return max(1, self.micro_pieces // self.lengths[self._phase(step)])

    def _phase(self, step: int) -> int:
        return min(bisect.bisect_right(self.ends, step), len(self.ends) - 1)
