"""The command line of a picture recipe."""

from __future__ import annotations

import argparse
import sys

from ..devices import add_device_options
from ..errors import RecipeError
from .architecture import Architecture
from .source import SOURCES

WEIGHT_DECAY = 1e-4
ACTIONS = ("train", "evaluate", "export", "golden", "card")


def main(architecture: Architecture, arguments: list[str] | None = None) -> None:
    """Runs one step of the recipe; a RecipeError ends it with one line and exit code 2."""
    args = parse(architecture, sys.argv[1:] if arguments is None else arguments)
    try:
        _act(architecture, args)
    except RecipeError as error:
        print(f"error: {error}", file=sys.stderr)
        raise SystemExit(2) from None


def _act(architecture: Architecture, args: argparse.Namespace) -> None:
    # Imported where needed: a card needs no ONNX runtime, a training no measurements.
    if args.action == "train":
        from .train import train

        train(architecture, args)
    elif args.action == "export":
        from .export import export

        export(architecture, args)
    elif args.action == "golden":
        from .golden import write_goldens

        write_goldens(architecture, args)
    elif args.action == "evaluate":
        from .measure import evaluate

        evaluate(architecture, args)
    elif args.action == "card":
        from .card import write_card

        write_card(architecture, args)


def parse(architecture: Architecture, arguments: list[str]) -> argparse.Namespace:
    """Options with their defaults; --smoke shrinks a training to seconds."""
    parser = argparse.ArgumentParser(prog=f"python -m training.{architecture.id}", description=f"The course's {architecture.name}: train, measure, export.")
    parser.add_argument("action", nargs="?", default="train", choices=ACTIONS)
    parser.add_argument("--source", choices=SOURCES, default="mixed", help="what it learns from")
    parser.add_argument("--shared", help="folder that holds data/photos64 (default: THAW_SHARED, else ../shared)")
    # torchrun takes --run for a short form of an option of its own, even behind the module's name
    parser.add_argument("--run", "--run-folder", dest="run", help=f"folder of checkpoint and curve (default: ../thaw-runs/{architecture.id}-<source>)")
    parser.add_argument("--seed", type=int, default=1)
    add_device_options(parser)
    parser.add_argument("--batch", type=int, default=128, help="pictures in a step, of all processes together")
    parser.add_argument("--photo-share", type=float, default=0.68, help="photos in a batch of the mixed source, 0..1")
    parser.add_argument("--learning-rate", type=float, default=0.2)
    parser.add_argument("--weight-decay", type=float, default=WEIGHT_DECAY)
    parser.add_argument("--steps", type=_step_counts, help="steps at 40, 48 and 64 pixels, as 9000,8000,4000; without it --minutes counts")
    parser.add_argument("--minutes", type=float, default=90, help="length of the schedule on this machine, if --steps is not given")
    parser.add_argument("--save-minutes", type=float, default=5)
    parser.add_argument("--snapshots", type=_shares, default=[], help="also keep the weights after these percents of the training, as 1,10,50")
    parser.add_argument("--snapshot", type=float, help="export one of these in place of the final weights, as 10")
    parser.add_argument("--leave-out", type=int, default=0, help="train without each n-th photo class, for python -m training.compare")
    parser.add_argument("--smoke", action="store_true", help="a tiny run that shows that the recipe works")
    parser.add_argument("--model", help=f"folder of the exported files (default: public/models/{architecture.id}-<source>)")
    parser.add_argument("--provisional", action="store_true", help="export random weights, to build the site before a training")
    parser.add_argument("--release", default="1.0.0", help="version for the manifest")
    parser.add_argument("--note", action="append", default=[], help="export: a sentence for the card about this training, such as an interruption")
    parser.add_argument("--write", action="store_true", help="evaluate: put the numbers into the manifest")
    parser.add_argument("--per-class", type=int, help="evaluate: photos of each class, all 50 if not given")
    args = parser.parse_args(arguments)
    if args.smoke:
        args.steps, args.batch = args.steps or [4, 4, 4], min(args.batch, 32)
    args.run = args.run or f"../thaw-runs/{architecture.id}-{args.source}{'-smoke' if args.smoke else ''}"
    return args


def _step_counts(text: str) -> list[int]:
    counts = [int(part) for part in text.split(",")]
    if len(counts) != 3 or min(counts) < 1:
        raise argparse.ArgumentTypeError("expected three numbers of steps, such as 9000,8000,4000")
    return counts


def _shares(text: str) -> list[float]:
    shares = [float(part) for part in text.split(",")]
    if not all(0 < share < 100 for share in shares):
        raise argparse.ArgumentTypeError("expected percents between 0 and 100, such as 1,10,50")
    return sorted(shares)
