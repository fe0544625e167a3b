"""
python -m training.twins: looks for pictures that stand on both sides of a split, pixel for pixel or nearly so.

Emoji: a drawing that is trained (training style, training concept) against one that is kept for measuring (another style, or an
unseen concept). Photos: train against val. Both are compared as small thumbnails; the number is the root of the mean squared
difference, on a scale on which black and white are 1 apart.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F

from .pictures import SPRITES_FOLDER, Pictures, cut_sheet, load_splits, load_sprite_index

TWIN_DISTANCE = 0.03
"""Below it, two drawings are the same one: copies between icon sets lie under 0.02, the nearest honest pair (two plain clouds) at 0.04."""
THUMB = 16


@dataclass
class Pair:
    """Two pictures on different sides and how far apart they are."""

    distance: float
    held: str
    trained: str


def make_thumbs(tiles: torch.Tensor, side: int = THUMB) -> torch.Tensor:
    """uint8 [n, 3, 64, 64] → float32 [n, 3 · side²] in 0..1."""
    return torch.cat([F.interpolate(part.float() / 255, size=(side, side), mode="area").flatten(1) for part in tiles.split(4096)])


def nearest_pairs(held: torch.Tensor, trained: torch.Tensor, count: int) -> list[tuple[float, int, int]]:
    """For the `count` held thumbnails that are nearest to a trained one: distance, place in held, place in trained."""
    best: list[tuple[float, int, int]] = []
    lengths = trained.square().sum(1)
    for first in range(0, len(held), 512):
        part = held[first : first + 512]
        squares = part.square().sum(1)[:, None] + lengths[None] - 2 * part @ trained.T
        nearest = squares.min(1)
        for row in nearest.values.topk(min(count, len(part)), largest=False).indices.tolist():
            other = int(nearest.indices[row])
            # the matrix product loses digits where two pictures are nearly equal, so those few are subtracted
            distance = (part[row] - trained[other]).square().mean().sqrt().item()
            best.append((distance, first + row, other))
    return sorted(best)[:count]


def emoji_pairs(count: int) -> list[Pair]:
    """The nearest drawings across the split."""
    index = load_sprite_index()
    targets = {target["name"] for target in load_splits()["targets"]}
    sides: dict[bool, tuple[list[np.ndarray], list[str]]] = {True: ([], []), False: ([], [])}
    for style in index["styles"]:
        sheet = cut_sheet(SPRITES_FOLDER / style["sheet"]["file"], index["columns"])
        for place, concept in enumerate(index["concepts"]):
            if concept in style["missing"]:
                continue
            tiles, names = sides[style["isTrained"] and concept not in targets]
            tiles.append(sheet[place])
            names.append(f"{concept} in {style['id']}")
    thumbs = {side: make_thumbs(torch.from_numpy(np.stack(tiles)).permute(0, 3, 1, 2)) for side, (tiles, _) in sides.items()}
    found = nearest_pairs(thumbs[False], thumbs[True], count)
    return [Pair(distance, sides[False][1][held], sides[True][1][trained]) for distance, held, trained in found]


def photo_pairs(train: Pictures, val: Pictures, ids: list[str], count: int) -> list[Pair]:
    """The nearest photos between train and val, named by class and place in its sheet."""
    found = nearest_pairs(make_thumbs(val.tiles, 8), make_thumbs(train.tiles, 8), count)

    def name(pictures: Pictures, place: int) -> str:
        label = int(pictures.labels[place])
        return f"{ids[label]} {place - int((pictures.labels < label).sum())} ({pictures.names[label]})"

    return [Pair(distance, name(val, held), name(train, trained)) for distance, held, trained in found]
