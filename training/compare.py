"""
python -m training.compare A B …: which source is worth more on which target. Each argument is the folder of an exported model
(public/models/resnet-photos) or of a training (../thaw-runs/resnet-emoji).

The features stay frozen; a linear head learns each target from a few examples (training/shared/vision/linear_head.py). Targets:

- emoji: 40 concepts that no recipe trains. Those that a photo class shows as well are marked in the split; a second row leaves
  them out, so that the photo network has no head start by name.
- photos of unseen classes: val photos of the classes that none of the compared networks was trained on. There are some only if
  the photo network was trained with --leave-out; its own classes are left to it otherwise.
- photos of trained classes: val photos, unseen themselves, of classes that at least one network was trained on. That network
  knows their names, so this row flatters it, and it is marked.
- X-rays: chest X-rays with and without pneumonia, from neither source. Balanced accuracy.

Limits: one network of each source, trained once; differences below the spread over draws mean nothing. Drawings of the unseen
concepts come in styles that share colours and outlines, so plain pixels do well there: they are measured beside the networks.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from .shared.errors import RecipeError
from .shared.files import shared_folder, write_json
from .shared.vision.evaluate import compute, estimate_statistics
from .shared.vision.linear_head import Target, accuracies, emoji_targets, unseen_concepts
from .shared.vision.measure import pixel_features
from .shared.vision.architecture import build_random
from .shared.vision.export import calibration_tiles
from .shared.vision.pictures import Pictures, load_photos, load_splits, photo_class_ids
from .shared.vision.saved import SavedNetwork, read_saved

PHOTO_CLASSES = 20
SHOTS = (3, 10)


@dataclass
class Row:
    """A target with each network's mean accuracy and its deviation over draws, in percent."""

    target: str
    about: str
    chance: float
    accuracies: dict[str, tuple[float, float]]


def main(arguments: list[str] | None = None) -> None:
    """Prints the table and, with --out, writes it as JSON."""
    parser = argparse.ArgumentParser(prog="python -m training.compare", description="Which source is worth more on which target.")
    parser.add_argument("folders", nargs="+", type=Path, help="folders of exported models or of trainings")
    parser.add_argument("--shared", help="folder that holds data/photos64 and data/xray (default: THAW_SHARED, else ../shared)")
    parser.add_argument("--draws", type=int, default=10, help="times that the examples are drawn anew")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--out", type=Path, help="also write the table there, as JSON")
    args = parser.parse_args(arguments)
    torch.set_num_threads(args.threads)
    try:
        shared = shared_folder(args.shared)
        networks = [read_saved(folder, shared) for folder in args.folders]
        rows = compare(networks, shared, args.draws)
        if args.out:
            write_json(args.out, [row.__dict__ for row in rows])
    except RecipeError as error:
        print(f"error: {error}", file=sys.stderr)
        raise SystemExit(2) from None


def compare(networks: list[SavedNetwork], shared: Path, draws: int) -> list[Row]:
    """All rows, printed as they come."""
    features = {network.name: _features_of(network.network) for network in networks}
    if len(features) < len(networks):
        raise RecipeError("Two of the networks have the same name: compare different ones.")
    first = networks[0]
    random = build_random(first.architecture, first.network.head.out_features)
    features["random"] = _features_of(estimate_statistics(random, calibration_tiles("mixed", shared), torch.device("cpu")))
    features["pixels"] = pixel_features
    print(f"{'target':<58} {'chance':>7} " + " ".join(f"{name:>16}" for name in features))
    rows = []
    for target in list_targets(networks, shared):
        classes = len(target.teach.labels.unique())
        row = Row(target.name, target.about, 100 / classes, {})
        for name, compute_features in features.items():
            values = [100 * value for value in accuracies(compute_features, target, draws)]
            row.accuracies[name] = (round(statistics.mean(values), 2), round(statistics.pstdev(values), 2))
        numbers = " ".join(f"{f'{mean:.1f} ± {spread:.1f}':>16}" for mean, spread in row.accuracies.values())
        print(f"{row.target:<58} {row.chance:6.1f}% {numbers}", flush=True)
        rows.append(row)
    return rows


def list_targets(networks: list[SavedNetwork], shared: Path) -> list[Target]:
    """Every target that the data beside the checkout allows."""
    concepts = unseen_concepts()
    shown = {target["name"] for target in load_splits()["targets"] if target["photoClasses"]}
    targets = []
    for title, chosen in (("emoji", concepts), ("emoji without a photo class", [name for name in concepts if name not in shown])):
        across = emoji_targets(chosen)[0]
        targets.append(Target(f"{title}, {across.name}, {across.shots} examples", across.about, across.shots, across.teach, across.test))
    ids = photo_class_ids(shared)
    known = set().union(*(network.photo_ids for network in networks))
    unseen = [wnid for wnid in ids if wnid not in known]
    for title, chosen in (("photos of unseen classes", unseen), ("photos of trained classes (flattering)", _spread(sorted(known), PHOTO_CLASSES))):
        for shots in SHOTS if chosen else ():
            photos = load_photos(shared, "val", ids=chosen)
            about = f"{len(chosen)} classes of photos64, val; the photos that were not drawn are the test"
            targets.append(Target(f"{title}, {shots} examples", about, shots, photos, None))
    xrays = shared / "data" / "xray" / "pneumoniamnist.npz"
    if xrays.exists():
        teach, test = load_xrays(xrays, "train"), load_xrays(xrays, "test")
        targets += [Target(f"X-rays, {shots} examples", "PneumoniaMNIST, equal parts of its test", shots, teach, test) for shots in SHOTS]
    else:
        print(f"skipped: X-rays need {xrays}")
    return targets


def load_xrays(path: Path, part: str) -> Pictures:
    """X-rays of a part, as many with as without pneumonia: 28×28 grey, enlarged to uint8 [n, 3, 64, 64]."""
    try:
        data = np.load(path)
        pixels, labels = data[f"{part}_images"], torch.from_numpy(data[f"{part}_labels"].astype(np.int64).ravel())
    except (OSError, ValueError, KeyError) as error:
        raise RecipeError(f"{path} is damaged or has no {part} part ({error}).") from error
    count = int(labels.bincount().min())
    chosen = torch.cat([(labels == label).nonzero().flatten()[:count] for label in (0, 1)])
    grey = torch.from_numpy(pixels)[chosen].float()[:, None].expand(-1, 3, -1, -1)
    tiles = F.interpolate(grey, size=(64, 64), mode="bilinear", align_corners=False).round().to(torch.uint8)
    return Pictures(tiles, labels[chosen], ["normal", "pneumonia"])


def _features_of(network: torch.nn.Module):
    return lambda pictures: compute(network.features, pictures, torch.device("cpu"))


def _spread(names: list[str], count: int) -> list[str]:
    return names[:: max(1, len(names) // count)][:count]


if __name__ == "__main__":
    main()
