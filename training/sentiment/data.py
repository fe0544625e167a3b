"""Labelled sentences as padded batches."""

from __future__ import annotations

import random
from dataclasses import dataclass

import torch
from tokenizers import Tokenizer

from ..shared.files import shared_folder
from ..shared.language.text import Sentences, read_sentences
from ..shared.language.wordpiece import CLS, PAD, SEP

FEW_PER_LABEL = 100


@dataclass
class Batch:
    """Sentences padded to the longest: ids and mask int64 [N, T], labels int64 [N]."""

    ids: torch.Tensor
    mask: torch.Tensor
    labels: torch.Tensor

    def to(self, device: torch.device) -> Batch:
        """The same on a device."""
        return Batch(self.ids.to(device), self.mask.to(device), self.labels.to(device))


@dataclass
class Encoded:
    """Sentences as pieces, [CLS] before and [SEP] after."""

    ids: list[list[int]]
    labels: list[int]

    def __len__(self) -> int:
        return len(self.labels)

    def batch(self, places: list[int]) -> Batch:
        """These sentences, padded."""
        longest = max(len(self.ids[place]) for place in places)
        ids = torch.full((len(places), longest), PAD)
        for row, place in enumerate(places):
            ids[row, : len(self.ids[place])] = torch.tensor(self.ids[place])
        return Batch(ids, (ids != PAD).long(), torch.tensor([self.labels[place] for place in places]))


def encode_sentences(tokenizer: Tokenizer, sentences: Sentences, longest: int) -> Encoded:
    """Pieces of each sentence, cut to `longest` with its [CLS] and [SEP]."""
    encoded = tokenizer.encode_batch_fast(sentences.texts, add_special_tokens=False)
    return Encoded([[CLS, *each.ids[: longest - 2], SEP] for each in encoded], sentences.labels)


def load_sentences(smoke: bool, shared: str | None, part: str) -> Sentences:
    """SST-2's part, or a handful of made-up sentences for a smoke run."""
    return make_sentences(part) if smoke else read_sentences(shared_folder(shared), part)


def make_sentences(part: str) -> Sentences:
    """Small sentences whose one adjective decides: 192 for training, 64 others for measuring."""
    praise, blame = ("good", "clear", "useful", "lively"), ("bad", "vague", "useless", "dull")
    subjects = ("the figure", "this chapter", "the network", "a lesson", "the exercise", "an example", "the table", "this idea")
    forms = ("{} is {}", "i think {} is {}", "{} seems {} to me", "well, {} was {} again")
    texts, labels = [], []
    for form in forms if part == "train" else forms[:1]:
        for subject in subjects if part == "dev" else subjects[:6]:
            for label, words in enumerate((blame, praise)):
                for word in words:
                    texts.append(f"{form.format(subject, word)}{'.' if part == 'dev' else ''}")
                    labels.append(label)
    return Sentences(texts, labels)


def choose_few(sentences: Encoded, per_label: int, seed: int) -> Encoded:
    """`per_label` sentences of each label, drawn by seed; single words and short phrases stay out, so that each one is a sentence."""
    order = list(range(len(sentences)))
    random.Random(seed).shuffle(order)
    chosen = []
    for label in (0, 1):
        long_enough = [place for place in order if sentences.labels[place] == label and len(sentences.ids[place]) >= 8]
        chosen += long_enough[:per_label]
    return Encoded([sentences.ids[place] for place in chosen], [sentences.labels[place] for place in chosen])


def plan_batches(sentences: Encoded, batch: int, seed: int, epoch: int) -> list[list[int]]:
    """The batches of one pass: shuffled, but sentences of like length together, so that little is padding."""
    generator = random.Random(seed * 1_000_003 + epoch)
    order = list(range(len(sentences)))
    generator.shuffle(order)
    batches = []
    for start in range(0, len(order), batch * 50):
        near = sorted(order[start : start + batch * 50], key=lambda place: len(sentences.ids[place]))
        batches += [near[first : first + batch] for first in range(0, len(near) - batch + 1, batch)]
    generator.shuffle(batches)
    return batches or [order]
