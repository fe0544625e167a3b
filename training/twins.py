"""
python -m training.twins [--photos]: the check for pictures that stand on both sides of a split. Exit code 1 if the emoji split,
which is ours, has any; the photos' split is their makers', so its twins are only counted.
"""

from __future__ import annotations

import argparse
import sys

from .shared.errors import RecipeError
from .shared.files import shared_folder
from .shared.vision.pictures import load_photos, photo_class_ids
from .shared.vision.twins import TWIN_DISTANCE, Pair, emoji_pairs, photo_pairs


def main(arguments: list[str] | None = None) -> None:
    """Prints the nearest pairs of each split."""
    parser = argparse.ArgumentParser(prog="python -m training.twins", description=__doc__)
    parser.add_argument("--photos", action="store_true", help="compare the photos of train and val as well (some minutes)")
    parser.add_argument("--shared", help="folder that holds data/photos64 (default: THAW_SHARED, else ../shared)")
    parser.add_argument("--count", type=int, default=8, help="pairs to look at and print")
    args = parser.parse_args(arguments)
    try:
        twins = report("emoji: measured against trained drawings", emoji_pairs(args.count))
        if args.photos:
            shared = shared_folder(args.shared)
            pairs = photo_pairs(load_photos(shared, "train"), load_photos(shared, "val"), photo_class_ids(shared), args.count)
            count = report("photos: val against train", pairs)
            print(f"{count} of the nearest {len(pairs)} val photos are twins of a train photo")
    except RecipeError as error:
        print(f"error: {error}", file=sys.stderr)
        raise SystemExit(2) from None
    raise SystemExit(1 if twins else 0)


def report(title: str, pairs: list[Pair]) -> int:
    """Prints pairs, nearest first, and returns how many of them are twins."""
    print(f"{title}; below {TWIN_DISTANCE} is a twin")
    for pair in pairs:
        mark = "TWIN" if pair.distance < TWIN_DISTANCE else "    "
        print(f"{mark} {pair.distance:.4f}  {pair.held}  |  {pair.trained}")
    return sum(pair.distance < TWIN_DISTANCE for pair in pairs)


if __name__ == "__main__":
    main()
