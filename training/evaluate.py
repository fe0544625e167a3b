"""
python -m training.evaluate [ids]: measures the committed files of all models again and compares with their manifests. Exit code 1 if
a number differs by more than the kernels of another machine explain.

A model's manifest names its recipe (`"recipe": "training/vgg"`), and the package of that name answers
`measure_again(manifest, folder, shared, threads)` with rows like those of the manifest.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from pathlib import Path

from .shared.errors import RecipeError
from .shared.files import ROOT, shared_folder

TOLERANCE = 0.25
"""Points, or percent of a number that is no share: on other processors, sums are added in another order, and a few pictures of 10,000 flip."""


def main(arguments: list[str] | None = None) -> None:
    """Prints value, value in the manifest and difference for every row."""
    parser = argparse.ArgumentParser(prog="python -m training.evaluate", description="Measures the committed models again.")
    parser.add_argument("ids", nargs="*", help="models (default: all in public/models)")
    parser.add_argument("--shared", help="folder that holds data/ (default: THAW_SHARED, else ../shared)")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--models", type=Path, default=ROOT / "public" / "models", help=argparse.SUPPRESS)
    args = parser.parse_args(arguments)
    try:
        differing = measure_all(find_models(args.models, args.ids), shared_folder(args.shared), args.threads)
    except RecipeError as error:
        print(f"error: {error}", file=sys.stderr)
        raise SystemExit(2) from None
    raise SystemExit(1 if differing else 0)


def find_models(models: Path, ids: list[str]) -> list[Path]:
    """Folders of the models asked for, or of all."""
    found = {path.parent.name: path.parent for path in sorted(models.glob("*/manifest.json"))}
    unknown = [id for id in ids if id not in found]
    if unknown:
        raise RecipeError(f"There is no model {unknown[0]}; there are {', '.join(found)}.")
    return [found[id] for id in ids] if ids else list(found.values())


def measure_all(folders: list[Path], shared: Path, threads: int) -> int:
    """Measures each model, prints the comparison, and returns how many rows differ."""
    differing = 0
    for folder in folders:
        manifest = json.loads((folder / "manifest.json").read_text())
        print(f"\n{manifest['id']}", flush=True)
        package = importlib.import_module(manifest["recipe"].replace("/", "."))
        if not hasattr(package, "measure_again"):
            raise RecipeError(f"{manifest['recipe']} cannot measure its model again: its package has no measure_again.")
        differing += compare_rows(manifest["measured"], package.measure_again(manifest, folder, shared, threads))
    print(f"\n{differing} numbers differ from their manifests" if differing else "\nall numbers are those of the manifests")
    return differing


def compare_rows(written: list[dict], again: list[dict]) -> int:
    """Prints where the two differ and returns how many do. Rows that need what is not there (a checkpoint) count as skipped."""
    values = {row["name"]: row["value"] for row in again}
    differing = 0
    for row in written:
        if row["name"] not in values:
            print(f"skipped: {row['name']}")
            continue
        value = values[row["name"]]
        allowed = TOLERANCE if row["unit"] in ("%", "points") else TOLERANCE / 100 * abs(row["value"])
        if abs(value - row["value"]) > allowed:
            differing += 1
            print(f"DIFFERS: {row['name']} is {value} {row['unit']}, the manifest says {row['value']}")
    return differing


if __name__ == "__main__":
    main()
