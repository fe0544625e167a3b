"""Turns a checkpoint into the files of public/models/<id>/: weights, labels and manifest."""

from __future__ import annotations

import argparse
import os
import platform
from pathlib import Path

import numpy as np
import torch
from torch import nn

from ..checkpoint import describe_versions, read_checkpoint
from ..errors import RecipeError
from ..files import ROOT, describe_file, shared_folder, write_json
from .architecture import Architecture, build_random
from .augment import MEAN, STD, normalise
from .graph import SIDE, build_graph, count_macs, load_network, trace_values
from .pictures import describe_sheets, load_emoji, load_photos, load_splits, photo_class_ids
from .source import ClassLabel, has_emoji, has_photos, list_classes
from .train import averaged_state, snapshot_path

LICENCE = "CC-BY-SA-4.0"
"""Of all bundled weights: the strictest licence among the drawings."""
TAUGHT_BY = {"mixed": "photos and emoji", "photos": "photos", "emoji": "emoji"}


def model_id(architecture: Architecture, args: argparse.Namespace) -> str:
    """Such as "resnet-mixed", or "resnet-mixed-at-10" for a snapshot after 10 % of the training."""
    at = "" if args.snapshot is None else f"-at-{args.snapshot:g}"
    return f"{architecture.id}-{args.source}{at}"


def model_folder(architecture: Architecture, args: argparse.Namespace) -> Path:
    """Where the model's files are: --model, else public/models/<id>."""
    return Path(args.model) if args.model else ROOT / "public" / "models" / model_id(architecture, args)


def log_file(architecture: Architecture, id: str) -> Path:
    """The tracked record of a training: options, versions, machine and curve."""
    return ROOT / "training" / architecture.id / "runs" / f"{id}.json"


def export(architecture: Architecture, args: argparse.Namespace) -> Path:
    """Writes model.onnx, labels.json, manifest.json and the training's log; returns the folder."""
    shared, id = shared_folder(args.shared), model_id(architecture, args)
    torch.set_num_threads(args.threads)
    classes = list_classes(args.source, shared, args.leave_out)
    if args.provisional:
        network, log = build_random(architecture, len(classes), args.seed), None
    else:
        saved = _read_training(architecture, args, len(classes))
        network, log = architecture.build(len(classes)), describe_training(saved, shared, args.note)
        network.load_state_dict(averaged_state(saved))
    folder = model_folder(architecture, args)
    model = build_graph(network.eval(), id)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _replace(folder / "model.onnx", model.SerializeToString())
        write_json(folder / "labels.json", [label.__dict__ for label in classes])
        stored = load_network(architecture, folder / "model.onnx")
        tiles = calibration_tiles(args.source, shared)
        manifest = {
            "id": id,
            "title": f"{architecture.name}, trained on {TAUGHT_BY[args.source]}",
            "version": "0.0.0-provisional" if args.provisional else args.release,
            "task": "image-classification",
            "files": {"weights": describe_file(folder / "model.onnx"), "labels": describe_file(folder / "labels.json")},
            "input": describe_input(),
            "output": {"name": "logits", "classes": len(classes)},
            "activationRanges": find_ranges(stored, tiles[::16] if args.smoke else tiles),
            "parameters": sum(p.numel() for p in stored.parameters()),
            "macs": count_macs(model),
            "licence": LICENCE,
            "trainedOn": _trained_on(classes),
            "measured": [],
            "recipe": f"training/{architecture.id}",
        }
        write_json(folder / "manifest.json", manifest)
        if log:
            write_json(log_file(architecture, id), log)
    except OSError as error:
        raise RecipeError(f"The files could not be written to {folder} ({error}). Make room and export again.") from error
    print(f"{folder}: {manifest['files']['weights']['sizeBytes']:,} bytes, {manifest['parameters']:,} parameters, {manifest['macs']:,} MACs")
    return folder


def _read_training(architecture: Architecture, args: argparse.Namespace, classes: int) -> dict:
    run = Path(args.run)
    saved = read_checkpoint(run / "checkpoint.pt" if args.snapshot is None else snapshot_path(run, args.snapshot))
    # Trainings from before there were several architectures do not say theirs: they are ResNets.
    trained = f"{saved.get('architecture', 'resnet')}-{saved['source']}"
    if trained != f"{architecture.id}-{args.source}":
        raise RecipeError(f"{run} holds a training of {trained}: give its folder with --run, or its --source.")
    if saved["classes"] != classes:
        raise RecipeError(f"The checkpoint has {saved['classes']} classes, but the data has {classes}: was the split changed since?")
    return saved


def _replace(path: Path, data: bytes) -> None:
    unfinished = path.with_name(f"{path.name}.unfinished")
    try:
        unfinished.write_bytes(data)
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)


def describe_input() -> dict:
    """How a picture becomes the input, for manifests."""
    return {
        "name": "input",
        "shape": ["N", 3, SIDE, SIDE],
        "dtype": "float32",
        "layout": "NCHW",
        "mean": list(MEAN),
        "std": list(STD),
        "scale": 255,
        "resize": {"mode": "contain", "size": SIDE, "background": "#ffffff"},
    }


def _trained_on(classes: list[ClassLabel]) -> str:
    photos = sum(label.source == "photo" for label in classes)
    parts = [f"{photos} classes of Tiny-ImageNet photos"] if photos else []
    if len(classes) > photos:
        parts.append(f"{len(classes) - photos} emoji concepts in five drawing styles")
    return " and ".join(parts)


def describe_training(saved: dict, shared: Path, notes: list[str]) -> dict:
    """What is worth keeping of a checkpoint beside the weights, with notes for the card."""
    kept = ("seed", "batch", "photo_share", "learning_rate", "weight_decay", "bf16", "threads", "device", "processes")
    options = saved["options"]
    return {
        "source": saved["source"],
        "options": {key: options[key] for key in kept if key in options},
        "stepsBySize": saved["stepsBySize"],
        "pictures": saved["pictures"],
        "minutes": round(saved["seconds"] / 60, 1),
        "versions": saved.get("versions") or describe_versions(),
        "machine": saved.get("machine", f"{platform.machine()}, {options['threads']} threads, {options['device']}"),
        **({"notes": notes} if notes else {}),
        "data": saved.get("data") or describe_sheets(saved["source"], shared),
        "curve": saved["rows"],
    }


def calibration_tiles(source: str, shared: Path) -> torch.Tensor:
    """Some 400 training photos (of every fourth class) and 400 training emoji, as far as the source has them: uint8 [n, 3, 64, 64]."""
    tiles = []
    if has_photos(source):
        tiles.append(load_photos(shared, "train", 8, photo_class_ids(shared)[::4]).tiles)
    if has_emoji(source):
        splits = load_splits()
        emoji = load_emoji(splits["trainingStyles"], splits["trainingConcepts"])
        tiles.append(emoji.tiles[:: len(emoji) // 400][:400])
    return torch.cat(tiles)


def find_ranges(network: nn.Module, tiles: torch.Tensor) -> dict[str, list[float]]:
    """
    For each value of the graph the range that holds all but one in 10,000 of its numbers at either end, over `tiles`.
    The input's range is exact: black to white.
    """
    values = trace_values(network, normalise(tiles))
    ranges = {}
    for name, value in values.items():
        numbers = value.flatten().numpy()
        thinned = numbers[:: max(1, len(numbers) // 2_000_000)]
        low, high = np.quantile(thinned, (1e-4, 1 - 1e-4))
        ranges[name] = [0.0 if numbers.min() >= 0 else round(float(low), 5), round(float(high), 5)]
    extremes = normalise(torch.tensor([0.0, 255.0]).view(2, 1, 1, 1).expand(2, 3, 1, 1))
    ranges["input"] = [round(extremes.min().item(), 5), round(extremes.max().item(), 5)]
    return ranges
