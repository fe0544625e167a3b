"""The recipe's command line."""

from __future__ import annotations

import argparse
import sys

from ..shared.errors import RecipeError
from .source import SOURCES


def main(arguments: list[str] | None = None) -> None:
    """Runs one step of the recipe; a RecipeError ends it with one line and exit code 2."""
    args = parse(sys.argv[1:] if arguments is None else arguments)
    try:
        if args.action == "train":
            from .train import train

            train(args)
        elif args.action == "export":
            from .export import export

            export(args)
        elif args.action == "golden":
            from .golden import write_goldens

            write_goldens(args)
        elif args.action == "evaluate":
            from .measure import evaluate

            evaluate(args)
        elif args.action == "card":
            from .card import write_card

            write_card(args)
    except RecipeError as error:
        print(f"error: {error}", file=sys.stderr)
        raise SystemExit(2) from None


def parse(arguments: list[str]) -> argparse.Namespace:
    """Options with their defaults; --smoke shrinks a training to seconds."""
    parser = argparse.ArgumentParser(prog="python -m training.resnet", description="The course's ResNet: train, measure, export.")
    parser.add_argument("action", nargs="?", default="train", choices=("train", "evaluate", "export", "golden", "card"))
    parser.add_argument("--source", choices=SOURCES, default="mixed", help="what it learns from")
    parser.add_argument("--shared", help="folder that holds data/photos64 (default: THAW_SHARED, else ../shared)")
    parser.add_argument("--run", help="folder of checkpoint and curve (default: ../thaw-runs/resnet-<source>)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--device", default="cpu", help="cpu, cuda, cuda:1 …")
    parser.add_argument("--bf16", action="store_true", help="compute in bfloat16 (profits on GPUs and on CPUs with AMX)")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--photo-share", type=float, default=0.625, help="photos in a batch of the mixed source, 0..1")
    parser.add_argument("--learning-rate", type=float, default=0.2)
    parser.add_argument("--weight-decay", type=float, default=1e-4)
    parser.add_argument("--steps", type=_step_counts, help="steps at 40, 48 and 64 pixels, as 9000,8000,4000; without it --minutes counts")
    parser.add_argument("--minutes", type=float, default=78, help="length of the schedule on this machine, if --steps is not given")
    parser.add_argument("--save-minutes", type=float, default=5)
    parser.add_argument("--smoke", action="store_true", help="a tiny run that shows that the recipe works")
    parser.add_argument("--model", help="folder of the exported files (default: public/models/resnet-<source>)")
    parser.add_argument("--provisional", action="store_true", help="export random weights, to build the site before a training")
    parser.add_argument("--release", default="1.0.0", help="version for the manifest")
    parser.add_argument("--write", action="store_true", help="evaluate: put the numbers into the manifest")
    parser.add_argument("--per-class", type=int, help="evaluate: photos of each class, all 50 if not given")
    args = parser.parse_args(arguments)
    if args.smoke:
        args.steps, args.batch = args.steps or [4, 4, 4], min(args.batch, 32)
    args.run = args.run or f"../thaw-runs/resnet-{args.source}{'-smoke' if args.smoke else ''}"
    return args


def _step_counts(text: str) -> list[int]:
    counts = [int(part) for part in text.split(",")]
    if len(counts) != 3 or min(counts) < 1:
        raise argparse.ArgumentTypeError("expected three numbers of steps, such as 9000,8000,4000")
    return counts
