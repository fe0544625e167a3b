"""Photos and emoji as uint8 tensors, read from sheets of 64×64 tiles."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from .errors import RecipeError

TILE = 64
ROOT = Path(__file__).resolve().parents[2]
SPLITS_FILE = ROOT / "src" / "data" / "emoji-splits.json"
SPRITES_FOLDER = ROOT / "public" / "sprites"


@dataclass
class Pictures:
    """Tiles with their labels: uint8 [n, 3, 64, 64] (NCHW, RGB) and int64 [n]."""

    tiles: torch.Tensor
    labels: torch.Tensor
    names: list[str]
    """Class names in label order."""

    def __len__(self) -> int:
        return len(self.labels)


def shared_folder(given: str | None = None) -> Path:
    """The data folder beside the checkout: the one given, else THAW_SHARED, else ../shared."""
    return Path(given or os.environ.get("THAW_SHARED") or ROOT.parent / "shared")


def cut_sheet(path: Path, columns: int, count: int | None = None) -> np.ndarray:
    """The tiles of a sheet, row by row: uint8 [n, 64, 64, 3]."""
    try:
        sheet = np.asarray(Image.open(path).convert("RGB"))
    except (OSError, SyntaxError) as error:
        raise RecipeError(f"{path} is not a readable picture sheet ({error}).") from error
    rows, wide = sheet.shape[0] // TILE, sheet.shape[1] // TILE
    if wide != columns:
        raise RecipeError(f"{path} should hold {columns} tiles of {TILE} pixels in a row, but holds {wide}.")
    tiles = sheet.reshape(rows, TILE, columns, TILE, 3).swapaxes(1, 2).reshape(-1, TILE, TILE, 3)
    return tiles[:count]


def photo_class_ids(shared: Path) -> list[str]:
    """ImageNet ids of the photo classes, sorted; explains what to do if the folder is not what it should be."""
    folder = shared / "data" / "photos64" / "train"
    ids = sorted(path.stem for path in folder.glob("n*.webp"))
    if not ids:
        raise RecipeError(
            f"No photo sheets in {folder}. Expected one <wnid>.webp of 64×64 tiles for each class; "
            "give the folder that holds data/photos64 with --shared or THAW_SHARED."
        )
    return ids


def photo_class_names(shared: Path, ids: list[str]) -> list[str]:
    """Readable names of photo classes, in the order of their ids."""
    path = shared / "data" / "reference" / "imagenet_class_index.json"
    if not path.exists():
        raise RecipeError(f"{path} is missing; it names the photo classes.")
    names = {wnid: name for wnid, name in json.loads(path.read_text()).values()}
    return [names.get(wnid, wnid).replace("_", " ") for wnid in ids]


def load_photos(shared: Path, part: str, per_class: int | None = None, every: int = 1) -> Pictures:
    """Photos of `part` ("train" or "val"), labelled by their place among the sorted ids, of all classes or each `every`-th."""
    ids = photo_class_ids(shared)
    tiles, labels = [], []
    for label, wnid in list(enumerate(ids))[::every]:
        cut = cut_sheet(shared / "data" / "photos64" / part / f"{wnid}.webp", 25, per_class)
        tiles.append(cut)
        labels += [label] * len(cut)
    stacked = torch.from_numpy(np.concatenate(tiles)).permute(0, 3, 1, 2).contiguous()
    return Pictures(stacked, torch.tensor(labels), photo_class_names(shared, ids))


def load_splits() -> dict:
    """The emoji split that site and recipes share."""
    return json.loads(SPLITS_FILE.read_text())


def load_sprite_index() -> dict:
    """Index of the sprite sheets, after checking that the sheets are the ones it describes."""
    path = SPRITES_FOLDER / "index.json"
    if not path.exists():
        raise RecipeError(f"{path} is missing. Make the sprite sheets first: node scripts/build-sprites.ts")
    index = json.loads(path.read_text())
    for style in index["styles"]:
        sheet = SPRITES_FOLDER / style["sheet"]["file"]
        if not sheet.exists() or hashlib.sha256(sheet.read_bytes()).hexdigest() != style["sheet"]["sha256"]:
            raise RecipeError(f"{sheet} is not the sheet that index.json describes. Run node scripts/build-sprites.ts again.")
    return index


def load_emoji(styles: list[str], concepts: list[str]) -> Pictures:
    """Emoji of `concepts` in `styles`, labelled by place in `concepts`; drawings that a style lacks are left out."""
    index = load_sprite_index()
    place = {name: i for i, name in enumerate(index["concepts"])}
    by_id = {style["id"]: style for style in index["styles"]}
    tiles, labels = [], []
    for style_id in styles:
        style = by_id[style_id]
        sheet = cut_sheet(SPRITES_FOLDER / style["sheet"]["file"], index["columns"])
        missing = set(style["missing"])
        for label, concept in enumerate(concepts):
            if concept in missing:
                continue
            tiles.append(sheet[place[concept]])
            labels.append(label)
    stacked = torch.from_numpy(np.stack(tiles)).permute(0, 3, 1, 2).contiguous()
    return Pictures(stacked, torch.tensor(labels), concepts)
