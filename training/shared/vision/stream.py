"""Endless augmented batches of photos and emoji."""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

from ..devices import Devices
from ..errors import RecipeError
from .augment import find_backgrounds, view_emoji, view_photos
from .pictures import Pictures
from .source import load_part


class Stream:
    """
    Batches of one process: photos and emoji in a fixed proportion, from one seeded generator. Of several processes each draws
    from its own share of the pictures, so that together they see every picture once before any picture twice.
    """

    def __init__(self, args: argparse.Namespace, shared: Path, devices: Devices) -> None:
        self.generator = torch.Generator().manual_seed(devices.seed_of(args.seed))
        # The sheets of val are a tenth as large, which is all that a smoke run needs.
        photos, emoji = load_part(args.source, shared, "train", "val" if args.smoke else "train", None, args.leave_out)
        validation = load_part(args.source, shared, "val", "val", 2 if args.smoke else 10, args.leave_out)
        if args.smoke:
            emoji, validation = _thin(emoji), (validation[0], _thin(validation[1]))
        self.validation: dict[str, Pictures] = {name: part for name, part in zip(("photos", "emoji"), validation) if part}
        share = {"mixed": args.photo_share, "photos": 1.0, "emoji": 0.0}[args.source]
        batch = devices.share_of(args.batch)
        counts = round(batch * share), batch - round(batch * share)
        self.photos, self.emoji = (_place(part, devices) for part in (photos, emoji))
        self.counts = {"photos": counts[0], "emoji": counts[1]}
        for name, pictures in (("photos", self.photos), ("emoji", self.emoji)):
            if pictures and self.counts[name] > len(pictures):
                raise RecipeError(f"A batch would need {self.counts[name]} {name}, and a process has {len(pictures)}: choose a smaller --batch.")
        self.order: dict[str, torch.Tensor] = {}
        if self.emoji:
            self.backgrounds = torch.cat([find_backgrounds(part) for part in self.emoji.tiles.split(256)])

    def next_batch(self, size: int) -> tuple[torch.Tensor, torch.Tensor]:
        """float32 [batch, 3, size, size] and int64 [batch], where the process computes."""
        views, labels = [], []
        if self.photos and self.counts["photos"]:
            picked = self._pick("photos", self.photos)
            views.append(view_photos(self.photos.tiles[picked], size, self.generator))
            labels.append(self.photos.labels[picked])
        if self.emoji and self.counts["emoji"]:
            picked = self._pick("emoji", self.emoji)
            behind = self.photos or self.emoji
            chosen = torch.randint(len(behind), (len(picked),), generator=self.generator).to(picked.device)
            tiles, backgrounds = self.emoji.tiles[picked], self.backgrounds[picked]
            views.append(view_emoji(tiles, backgrounds, behind.tiles[chosen], size, self.generator))
            labels.append(self.emoji.labels[picked])
        return torch.cat(views), torch.cat(labels)

    def _pick(self, kind: str, pictures: Pictures) -> torch.Tensor:
        count = self.counts[kind]
        order = self.order.get(kind)
        if order is None or len(order) < count:
            order = torch.randperm(len(pictures), generator=self.generator)
        self.order[kind] = order[count:]
        return order[:count].to(pictures.tiles.device)


def _place(pictures: Pictures | None, devices: Devices) -> Pictures | None:
    """This process's share of the pictures; on a GPU they stay there (1.2 GB for all photos), so that a step waits for no copy."""
    if pictures is None:
        return None
    own = slice(devices.rank, None, devices.world_size)
    return Pictures(pictures.tiles[own].to(devices.device), pictures.labels[own].to(devices.device), pictures.names)


def _thin(pictures: Pictures | None) -> Pictures | None:
    return pictures and pictures.select(slice(None, None, 12))
