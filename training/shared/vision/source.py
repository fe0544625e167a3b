"""Which classes each source teaches, and its pictures."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from .pictures import Pictures, load_emoji, load_photos, load_splits, photo_class_ids, photo_class_names

SOURCES = ("mixed", "photos", "emoji")


@dataclass
class ClassLabel:
    """One output of the head."""

    id: str
    name: str
    source: str


def has_photos(source: str) -> bool:
    """Whether a source teaches photo classes."""
    return source in ("mixed", "photos")


def has_emoji(source: str) -> bool:
    """Whether a source teaches emoji concepts."""
    return source in ("mixed", "emoji")


def trained_photo_ids(shared: Path, leave_out: int = 0) -> list[str]:
    """The photo classes without each `leave_out`-th, which comparisons then use as classes never seen; 0 leaves none out."""
    return [wnid for place, wnid in enumerate(photo_class_ids(shared)) if not leave_out or place % leave_out]


def list_classes(source: str, shared: Path, leave_out: int = 0) -> list[ClassLabel]:
    """The head's outputs in order: photo classes by their ImageNet ids, then emoji concepts by name."""
    classes: list[ClassLabel] = []
    if has_photos(source):
        ids = trained_photo_ids(shared, leave_out)
        names = photo_class_names(shared, ids)
        classes += [ClassLabel(wnid, name, "photo") for wnid, name in zip(ids, names)]
    if has_emoji(source):
        classes += [ClassLabel(c, c.replace("-", " "), "emoji") for c in load_splits()["trainingConcepts"]]
    return classes


def load_part(
    source: str, shared: Path, part: str, photo_part: str, per_class: int | None = None, leave_out: int = 0
) -> tuple[Pictures | None, Pictures | None]:
    """
    Photos and emoji, either None if the source does not use it, labelled as the head's outputs. Parts are "train" and
    "val"; for emoji these are the training styles and the styles never seen in training. `per_class` limits the photos.
    """
    photos = load_photos(shared, photo_part, per_class, trained_photo_ids(shared, leave_out)) if has_photos(source) else None
    emoji = None
    if has_emoji(source):
        splits = load_splits()
        styles = splits["trainingStyles"] if part == "train" else splits["heldOutStyles"]
        emoji = load_emoji(styles, splits["trainingConcepts"])
        if photos:
            emoji.labels += len(photos.names)
    return photos, emoji
