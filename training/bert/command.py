"""The recipe's command line."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from ..shared.files import shared_folder
from ..shared.language.card import write_card
from ..shared.language.command import make_parser, run_command
from ..shared.language.corpus import cut_blocks
from ..shared.language.export import export
from ..shared.language.golden import write_goldens
from ..shared.language.sources import open_text, vocabulary_path, write_vocabulary
from ..shared.language.text import read_fiction, read_reviews
from ..shared.language.wordpiece import train_vocabulary
from .kind import BERT
from .measure import evaluate
from .train import add_start, train


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs one step of the recipe."""
    actions = {
        "train": train,
        "vocabulary": learn_vocabulary,
        "evaluate": evaluate,
        "export": export_bert,
        "golden": lambda args: write_goldens(BERT, args),
        "card": lambda args: write_card(BERT, args),
    }
    run_command(actions, make_options(), BERT.id, arguments)


def make_options() -> argparse.ArgumentParser:
    """The recipe's options with their defaults."""
    parser = make_parser("bert", "bert-mini: word pieces, training, measures and files.", steps=8000, batch=8192, learning_rate=3e-3)
    parser.add_argument("--begin", help="a model.onnx whose weights the training begins with (default: random ones); give another --seed, so that it meets other batches")
    parser.add_argument("--topic-weight", type=float, default=4.0, help="of the second task, to show the topics of a review in the mean of the states (0: masked pieces alone)")
    return parser


def learn_vocabulary(args: argparse.Namespace) -> None:
    """Writes the vocabulary of all language models; the networks know it by number, so a new one means training all of them again."""
    shared, path = shared_folder(args.shared), vocabulary_path(args)
    write_vocabulary(path, train_vocabulary(read_reviews(shared).train + read_fiction(shared)))
    print(path)


def export_bert(args: argparse.Namespace) -> Path:
    """Exports, with ranges found on training reviews."""
    _, corpus = open_text(args)
    return export(BERT, args, add_start(cut_blocks(corpus.reviews, args.size.positions - 1, 64)))
