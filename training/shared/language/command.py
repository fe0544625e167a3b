"""The command line that all language recipes share."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from ..devices import add_device_options
from ..errors import RecipeError
from .sources import SMOKE_PIECES
from .transformer import Size


Actions = dict[str, Callable[[argparse.Namespace], object]]


def run_command(actions: Actions, parser: argparse.ArgumentParser, model: str, arguments: Sequence[str] | None) -> None:
    """Parses and runs one of the actions; a RecipeError ends it with one line and exit code 2."""
    args = parse_options(parser, tuple(actions), model, sys.argv[1:] if arguments is None else arguments)
    try:
        actions[args.action](args)
    except RecipeError as error:
        print(f"error: {error}", file=sys.stderr)
        raise SystemExit(2) from None


def parse_options(parser: argparse.ArgumentParser, actions: Sequence[str], model: str, arguments: Sequence[str]) -> argparse.Namespace:
    """The options with the size of the network, the folders that hang on other options, and --smoke's limits."""
    parser.add_argument("action", nargs="?", default="train", choices=actions)
    args = parser.parse_args(arguments)
    args.size = Size()
    if args.smoke:
        args.size = Size(SMOKE_PIECES, width=32, layers=2, heads=2, inner=64, positions=64)
        args.steps, args.batch, args.micro = args.smoke_steps, min(args.batch, 512), min(args.micro, 512)
    args.run = args.run or f"../thaw-runs/{model}{'-smoke' if args.smoke else ''}"
    # a smoke run never writes among the site's files
    args.model = args.model or (f"{args.run}/model" if args.smoke else None)
    args.corpus = args.corpus or str(Path(args.run).parent / f"corpus{'-smoke' if args.smoke else ''}")
    return args


def options_to_measure(parser: argparse.ArgumentParser, model: str, folder: Path, shared: Path, threads: int) -> argparse.Namespace:
    """The options of `evaluate` for a model's folder, as python -m training.evaluate needs them."""
    return parse_options(parser, ("evaluate",), model, ["evaluate", "--model", str(folder), "--shared", str(shared), "--threads", str(threads)])


def make_parser(recipe: str, description: str, steps: int, batch: int, learning_rate: float) -> argparse.ArgumentParser:
    """Options with a recipe's defaults; --smoke shrinks a training to seconds."""
    parser = argparse.ArgumentParser(prog=f"python -m training.{recipe}", description=description)
    parser.add_argument("--shared", help="folder that holds data/text and data/sst2 (default: THAW_SHARED, else ../shared)")
    parser.add_argument("--run", "--run-folder", dest="run", help="folder of checkpoint and curve (default: ../thaw-runs/<model>)")
    parser.add_argument("--corpus", help="folder of the encoded text (default: corpus beside the run's folder)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--steps", type=int, default=steps, help="length of the schedule")
    parser.add_argument("--extend", action="store_true", help="go on with a checkpoint of fewer --steps: the learning rate leaps up to the longer schedule's")
    parser.add_argument("--batch", type=int, default=batch, help="in all processes together, counted in pieces (or in sentences)")
    parser.add_argument("--micro", type=int, default=4096, help="pieces computed at once; on a GPU as many as fit")
    parser.add_argument("--learning-rate", type=float, default=learning_rate)
    parser.add_argument("--weight-decay", type=float, default=0.05)
    parser.add_argument("--muon", action=argparse.BooleanOptionalAction, default=True, help="Muon for the layers' matrices, else AdamW")
    parser.add_argument("--save-minutes", type=float, default=5)
    parser.add_argument("--test-blocks", type=int, help="blocks of the held-out text to measure on (training: a few; evaluate: all)")
    parser.add_argument("--smoke", action="store_true", help="a tiny run on the course's own chapters that shows that the recipe works")
    parser.add_argument("--smoke-steps", type=int, default=6)
    parser.add_argument("--model", help="folder of the exported files (default: public/models/<model>)")
    parser.add_argument("--note", action="append", default=[], help="export: a sentence about the training, for log and card; may be given again")
    parser.add_argument("--release", default="1.0.0", help="version for the manifest")
    parser.add_argument("--write", action="store_true", help="evaluate: put the numbers into the manifest")
    add_device_options(parser)
    return parser
