"""Which classes each source teaches, and its pictures."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..shared.pictures import Pictures, load_emoji, load_photos, load_splits, photo_class_ids, photo_class_names

SOURCES = ("mixed", "photos", "emoji")


@dataclass
class ClassLabel:
    """One output of the head."""

    id: str
    name: str
    source: str


def list_classes(source: str, shared: Path) -> list[ClassLabel]:
    """The head's outputs in order: photo classes by their ImageNet ids, then emoji concepts by name."""
    classes: list[ClassLabel] = []
    if source in ("mixed", "photos"):
        ids = photo_class_ids(shared)
        names = photo_class_names(shared, ids)
        classes += [ClassLabel(wnid, name, "photo") for wnid, name in zip(ids, names)]
    if source in ("mixed", "emoji"):
        classes += [ClassLabel(c, c.replace("-", " "), "emoji") for c in load_splits()["trainingConcepts"]]
    return classes


def load_part(
    source: str, shared: Path, emoji_part: str, photo_part: str, per_class: int | None = None
) -> tuple[Pictures | None, Pictures | None]:
    """
    Photos and emoji, either None if the source does not use it, labelled as the head's outputs. Parts are "train" and
    "val"; for emoji these are the training styles and the styles never seen in training. `per_class` limits the photos.
    """
    photos = load_photos(shared, photo_part, per_class) if source in ("mixed", "photos") else None
    emoji = None
    if source in ("mixed", "emoji"):
        splits = load_splits()
        styles = splits["trainingStyles"] if emoji_part == "train" else splits["heldOutStyles"]
        emoji = load_emoji(styles, splits["trainingConcepts"])
        if photos:
            emoji.labels += len(photos.names)
    return photos, emoji
