"""Photos and emoji as uint8 tensors, read from sheets of 64×64 tiles."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from ..errors import RecipeError
from ..files import ROOT, sha256_of

TILE = 64
PHOTO_COLUMNS = 25
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

    def select(self, chosen: torch.Tensor | slice) -> Pictures:
        """Some of the pictures, by place or by a mask."""
        return Pictures(self.tiles[chosen], self.labels[chosen], self.names)


def cut_sheet(path: Path, columns: int, count: int | None = None) -> np.ndarray:
    """The tiles of a sheet, row by row: uint8 [n, 64, 64, 3]."""
    if not path.exists():
        raise RecipeError(f"The picture sheet {path} is missing.")
    try:
        with Image.open(path) as image:
            sheet = np.asarray(image.convert("RGB"))
    except (OSError, SyntaxError, ValueError) as error:
        raise RecipeError(f"{path} is damaged or no picture ({error}). Copy it there again.") from error
    rows, wide = sheet.shape[0] // TILE, sheet.shape[1] // TILE
    if wide != columns or sheet.shape[0] % TILE or sheet.shape[1] % TILE:
        raise RecipeError(f"{path} should hold {columns} tiles of {TILE} pixels in a row, but is {sheet.shape[1]}×{sheet.shape[0]} pixels.")
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
    try:
        names = {wnid: name for wnid, name in json.loads(path.read_text()).values()}
    except (OSError, ValueError) as error:
        raise RecipeError(f"{path}, which names the photo classes, is missing or damaged ({error}).") from error
    return [names.get(wnid, wnid).replace("_", " ") for wnid in ids]


def load_photos(shared: Path, part: str, per_class: int | None = None, ids: list[str] | None = None) -> Pictures:
    """Photos of `part` ("train" or "val"), of these classes or of all, labelled by the class's place among them."""
    ids = photo_class_ids(shared) if ids is None else ids
    tiles: list[np.ndarray] = []
    labels: list[int] = []
    for label, wnid in enumerate(ids):
        cut = cut_sheet(shared / "data" / "photos64" / part / f"{wnid}.webp", PHOTO_COLUMNS, per_class)
        tiles.append(cut)
        labels += [label] * len(cut)
    counts = Counter(map(len, tiles))
    if len(counts) > 1:
        usual = counts.most_common(1)[0][0]
        odd = next(ids[place] for place, cut in enumerate(tiles) if len(cut) != usual)
        raise RecipeError(f"The sheet of {odd} in photos64/{part} holds other than {usual} photos, as the other classes do: copy it again.")
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
        if not sheet.exists() or sha256_of(sheet) != style["sheet"]["sha256"]:
            raise RecipeError(f"{sheet} is not the sheet that index.json describes. Run node scripts/build-sprites.ts again.")
    return index


def load_emoji(styles: list[str], concepts: list[str]) -> Pictures:
    """Emoji of `concepts` in `styles`, labelled by place in `concepts`; drawings that a style lacks are left out."""
    index = load_sprite_index()
    place = {name: i for i, name in enumerate(index["concepts"])}
    by_id = {style["id"]: style for style in index["styles"]}
    unknown = [name for name in concepts if name not in place] + [name for name in styles if name not in by_id]
    if unknown:
        raise RecipeError(f"The sprite sheets do not hold {unknown[0]!r}: run node scripts/build-sprites.ts again.")
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


def describe_sheets(source: str, shared: Path) -> dict:
    """
    Checksums of what a source is made of, for the log and the card: each emoji sheet by its style, and one number for all
    photo sheets, the sha256 of the lines "<part>/<wnid>.webp <sha256>".
    """
    described: dict = {}
    if source in ("mixed", "emoji"):
        described["emoji"] = {style["id"]: style["sheet"]["sha256"] for style in load_sprite_index()["styles"]}
    if source in ("mixed", "photos"):
        folder = shared / "data" / "photos64"
        paths = sorted(path for part in ("train", "val") for path in (folder / part).glob("n*.webp"))
        lines = "".join(f"{path.parent.name}/{path.name} {sha256_of(path)}\n" for path in paths)
        described["photos"] = hashlib.sha256(lines.encode()).hexdigest()
    return described
