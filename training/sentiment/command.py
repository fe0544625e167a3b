"""The recipe's command line."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import torch

from ..shared.language.card import write_card
from ..shared.language.command import make_parser, run_command
from ..shared.language.export import export
from ..shared.language.golden import write_goldens
from ..shared.language.sources import open_vocabulary
from .compare import compare
from .data import encode_sentences, load_sentences
from .kind import SENTIMENT
from .measure import evaluate
from .train import train


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs one step of the recipe."""
    actions = {
        "train": train,
        "compare": compare,
        "evaluate": evaluate,
        "export": export_sentiment,
        "golden": lambda args: write_goldens(SENTIMENT, args),
        "card": lambda args: write_card(SENTIMENT, args),
    }
    run_command(actions, make_options(), SENTIMENT.id, arguments)


def make_options() -> argparse.ArgumentParser:
    """The recipe's options with their defaults."""
    # 67,349 phrases in batches of 32: three passes
    parser = make_parser("sentiment", "sentiment-mini: fine-tuning, comparisons, measures and files.", steps=6300, batch=32, learning_rate=3e-4)
    parser.set_defaults(muon=False)
    parser.add_argument("--source", help="bert-mini, as checkpoint.pt or model.onnx (default: bert-mini/checkpoint.pt beside the run's folder, else the repository's model file)")
    parser.add_argument("--scratch", action="store_true", help="train the same network from nothing")
    parser.add_argument("--few", type=int, default=0, help="train on so many labelled sentences, half of each label")
    parser.add_argument("--seeds", type=int, default=3, help="compare: trainings of each case with all labels")
    parser.add_argument("--few-seeds", type=int, default=8, help="compare: trainings of each case with few labels")
    return parser


def export_sentiment(args: argparse.Namespace) -> Path:
    """Exports, with ranges found on training sentences of like length, which need no padding."""
    sentences = encode_sentences(open_vocabulary(args), load_sentences(args.smoke, args.shared, "train"), args.size.positions)
    lengths = sorted(range(len(sentences)), key=lambda place: -len(sentences.ids[place]))
    shortest = min(16, max(len(ids) for ids in sentences.ids))
    rows = [sentences.ids[place][:shortest] for place in lengths if len(sentences.ids[place]) >= shortest]
    chosen = rows[:: max(1, len(rows) // 256)][:256]
    return export(SENTIMENT, args, torch.tensor(chosen))
