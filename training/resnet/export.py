"""Turns a checkpoint into the files of public/models/<id>/: weights, labels and manifest."""

from __future__ import annotations

import argparse
import hashlib
import json
import platform
from pathlib import Path

import numpy as np
import torch

from ..shared.augment import MEAN, STD, normalise
from ..shared.checkpoint import read_checkpoint
from ..shared.errors import RecipeError
from ..shared.pictures import ROOT, load_emoji, load_photos, load_splits, shared_folder
from .graph import build_graph, count_macs, load_network, trace_values
from .model import ResNet, build_random
from .source import list_classes
from .train import averaged_state

TITLES = {
    "mixed": "ResNet, trained on photos and emoji",
    "photos": "ResNet, trained on photos",
    "emoji": "ResNet, trained on emoji",
}


def model_folder(args: argparse.Namespace) -> Path:
    """Where the model's files are: --model, else public/models/resnet-<source>."""
    return Path(args.model) if args.model else ROOT / "public" / "models" / f"resnet-{args.source}"


def export(args: argparse.Namespace) -> Path:
    """Writes model.onnx, labels.json, manifest.json and the training's log; returns the folder."""
    shared = shared_folder(args.shared)
    torch.set_num_threads(args.threads)
    classes = list_classes(args.source, shared)
    if args.provisional:
        state, log = build_random(len(classes), args.seed).state_dict(), None
    else:
        saved = read_checkpoint(Path(args.run) / "checkpoint.pt")
        if saved["classes"] != len(classes):
            raise RecipeError(f"The checkpoint has {saved['classes']} classes, but the data has {len(classes)}: was the split changed since?")
        state, log = averaged_state(saved), describe_training(saved)
    folder = model_folder(args)
    folder.mkdir(parents=True, exist_ok=True)
    model = build_graph(state, f"resnet-{args.source}")
    (folder / "model.onnx").write_bytes(model.SerializeToString())
    write_json(folder / "labels.json", [label.__dict__ for label in classes])
    network = load_network(folder / "model.onnx")
    manifest = {
        "id": f"resnet-{args.source}",
        "title": TITLES[args.source],
        "version": "0.0.0-provisional" if args.provisional else args.release,
        "task": "image-classification",
        "files": {"weights": describe_file(folder / "model.onnx"), "labels": describe_file(folder / "labels.json")},
        "input": {
            "name": "input",
            "shape": ["N", 3, 64, 64],
            "dtype": "float32",
            "layout": "NCHW",
            "mean": list(MEAN),
            "std": list(STD),
            "scale": 255,
            "resize": {"mode": "contain", "size": 64, "background": "#ffffff"},
        },
        "output": {"name": "logits", "classes": len(classes)},
        "activationRanges": find_ranges(network, calibration_tiles(args.source, shared)),
        "parameters": sum(p.numel() for p in network.parameters()),
        "macs": count_macs(model),
        "licence": "CC-BY-SA-4.0",
        "trainedOn": {
            "mixed": "202 classes of Tiny-ImageNet photos and 595 emoji concepts in five drawing styles",
            "photos": "202 classes of Tiny-ImageNet photos",
            "emoji": "595 emoji concepts in five drawing styles",
        }[args.source],
        "measured": [],
        "recipe": "training/resnet",
    }
    write_json(folder / "manifest.json", manifest)
    if log:
        write_json(log_file(args.source), log)
    print(f"{folder}: {manifest['files']['weights']['sizeBytes']:,} bytes, {manifest['parameters']:,} parameters, {manifest['macs']:,} MACs")
    return folder


def log_file(source: str) -> Path:
    """The tracked record of a training: options, versions, machine and curve."""
    return Path(__file__).parent / "runs" / f"resnet-{source}.json"


def describe_training(saved: dict) -> dict:
    """What is worth keeping of a checkpoint beside the weights."""
    kept = ("seed", "batch", "photo_share", "learning_rate", "weight_decay", "bf16", "threads", "device")
    return {
        "source": saved["source"],
        "options": {key: saved["options"][key] for key in kept},
        "stepsBySize": saved["stepsBySize"],
        "pictures": saved["pictures"],
        "minutes": round(saved["seconds"] / 60, 1),
        "versions": {"python": platform.python_version(), "torch": torch.__version__, "numpy": np.__version__},
        "machine": f"{platform.machine()}, {saved['options']['threads']} threads, {saved['options']['device']}",
        "curve": saved["rows"],
    }


def calibration_tiles(source: str, shared: Path) -> torch.Tensor:
    """Some 400 training photos (of every fourth class) and 400 training emoji, as far as the source has them: uint8 [n, 3, 64, 64]."""
    tiles = []
    if source in ("mixed", "photos"):
        tiles.append(load_photos(shared, "train", 8, every=4).tiles)
    if source in ("mixed", "emoji"):
        splits = load_splits()
        emoji = load_emoji(splits["trainingStyles"], splits["trainingConcepts"])
        tiles.append(emoji.tiles[:: len(emoji) // 400][:400])
    return torch.cat(tiles)


def find_ranges(network: ResNet, tiles: torch.Tensor) -> dict[str, list[float]]:
    """
    For each value of the graph the range that holds all but one in 10,000 of its numbers at either end, over `tiles`.
    The input's range is exact: black to white.
    """
    values = trace_values(network, normalise(tiles))
    ranges = {}
    for name, value in values.items():
        numbers = value.flatten().numpy()
        thinned = numbers[:: max(1, len(numbers) // 2_000_000)]
        low = 0.0 if numbers.min() >= 0 else float(np.quantile(thinned, 1e-4))
        ranges[name] = [round(low, 5), round(float(np.quantile(thinned, 1 - 1e-4)), 5)]
    extremes = normalise(torch.tensor([0.0, 255.0]).view(2, 1, 1, 1).expand(2, 3, 1, 1))
    ranges["input"] = [round(extremes.min().item(), 5), round(extremes.max().item(), 5)]
    return ranges


def describe_file(path: Path) -> dict:
    """Name, size and checksum of a file in the model's folder."""
    data = path.read_bytes()
    return {"path": path.name, "sizeBytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def write_json(path: Path, value: object) -> None:
    """Writes tab-indented JSON, innermost arrays and objects of plain values on one line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_format(value, "") + "\n")


def _format(value: object, indent: str) -> str:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else ()
    one_line = json.dumps(value, ensure_ascii=False)
    if not inner or (len(one_line) < 160 and not any(isinstance(item, (dict, list)) and item for item in inner)):
        return one_line
    deeper = indent + "\t"
    if isinstance(value, dict):
        lines = [f"{deeper}{json.dumps(key)}: {_format(item, deeper)}" for key, item in value.items()]
        return "{\n" + ",\n".join(lines) + f"\n{indent}}}"
    lines = [f"{deeper}{_format(item, deeper)}" for item in value]
    return "[\n" + ",\n".join(lines) + f"\n{indent}]"
