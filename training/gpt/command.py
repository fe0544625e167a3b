"""The recipe's command line."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from ..shared.language.card import write_card
from ..shared.language.command import make_parser, run_command
from ..shared.language.corpus import cut_blocks
from ..shared.language.export import export
from ..shared.language.golden import write_goldens
from ..shared.language.sources import open_text
from .kind import GPT
from .measure import evaluate
from .train import train


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs one step of the recipe."""
    actions = {
        "train": train,
        "evaluate": evaluate,
        "export": export_gpt,
        "golden": lambda args: write_goldens(GPT, args),
        "card": lambda args: write_card(GPT, args),
    }
    run_command(actions, make_options(), GPT.id, arguments)


def make_options() -> argparse.ArgumentParser:
    """The recipe's options with their defaults."""
    return make_parser("gpt", "gpt-mini: training, measures, samples and files.", steps=8000, batch=8192, learning_rate=3e-3)


def export_gpt(args: argparse.Namespace) -> Path:
    """Exports, with ranges found on training reviews."""
    _, corpus = open_text(args)
    return export(GPT, args, cut_blocks(corpus.reviews, args.size.positions, 64))
