"""A trained network together with what it was trained on, from an exported model's folder or a training's run folder."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from torch import nn

from ...inception.model import INCEPTION
from ...resnet.model import RESNET
from ...vgg.model import VGG
from ..checkpoint import read_checkpoint
from ..errors import RecipeError
from .architecture import Architecture
from .graph import load_network
from .source import has_emoji, has_photos, trained_photo_ids
from .train import averaged_state

ARCHITECTURES: dict[str, Architecture] = {architecture.id: architecture for architecture in (RESNET, VGG, INCEPTION)}


@dataclass
class SavedNetwork:
    """A network in evaluation mode and the photo classes that taught it; `knows_emoji` tells whether drawings did."""

    name: str
    architecture: Architecture
    network: nn.Module
    photo_ids: set[str]
    knows_emoji: bool


def read_saved(folder: Path, shared: Path) -> SavedNetwork:
    """Reads a folder that holds manifest.json (an exported model) or checkpoint.pt (a training)."""
    if (folder / "manifest.json").exists():
        manifest = json.loads((folder / "manifest.json").read_text())
        labels = json.loads((folder / manifest["files"]["labels"]["path"]).read_text())
        architecture = find_architecture(manifest["recipe"].removeprefix("training/"), folder)
        photos = {label["id"] for label in labels if label["source"] == "photo"}
        network = load_network(architecture, folder / manifest["files"]["weights"]["path"])
        return SavedNetwork(manifest["id"], architecture, network, photos, len(photos) < len(labels))
    saved = read_checkpoint(folder / "checkpoint.pt")
    architecture = find_architecture(saved.get("architecture", "resnet"), folder)
    network = architecture.build(saved["classes"])
    network.load_state_dict(averaged_state(saved))
    source = saved["source"]
    photos = set(trained_photo_ids(shared, saved["options"].get("leave_out", 0))) if has_photos(source) else set()
    return SavedNetwork(f"{architecture.id}-{source}", architecture, network.eval(), photos, has_emoji(source))


def find_architecture(id: str, where: Path) -> Architecture:
    """The picture architecture of that name."""
    if id not in ARCHITECTURES:
        raise RecipeError(f"{where} holds a {id}, which is no picture network: expected {', '.join(ARCHITECTURES)}.")
    return ARCHITECTURES[id]
