"""Measures the exported files on the held-out pictures; the card and the manifest take their numbers from here."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import onnx
import torch

from ..shared.checkpoint import read_checkpoint
from ..shared.evaluate import compute, probe_accuracy, top_k_accuracy
from ..shared.int8_session import to_int8
from ..shared.pictures import Pictures, load_emoji, load_splits, shared_folder
from .export import model_folder, write_json
from .graph import load_network
from .model import ResNet, build_random
from .source import load_part
from .train import averaged_state

PROBE_CONCEPTS = 8  # from each of the five categories: 40 in all
PROBE_SEEDS = 20


def evaluate(args: argparse.Namespace) -> list[dict]:
    """Prints all numbers as a table and, with --write, puts them into the manifest."""
    shared = shared_folder(args.shared)
    torch.set_num_threads(args.threads)
    device = torch.device(args.device)
    folder = model_folder(args)
    network = load_network(folder / "model.onnx").to(device, memory_format=torch.channels_last)
    command = f"python -m training.resnet evaluate --source {args.source}"
    rows: list[dict] = []

    def note(name: str, value: float, unit: str, split: str) -> None:
        rows.append({"name": name, "value": round(value, 2), "unit": unit, "split": split, "command": command})
        print(f"{name:<58} {value:8.2f} {unit:<8} {split}", flush=True)

    photos, emoji = load_part(args.source, shared, "val", "val", args.per_class)
    parts: list[tuple[str, str, Pictures, tuple[int, ...]]] = []
    if photos:
        parts.append(("photos", f"val of photos64, {len(photos):,} photos", photos, (1, 5)))
    if emoji:
        parts.append(("emoji", f"trained concepts in styles never seen, {len(emoji):,} drawings", emoji, (1, 5)))
    stored = {}
    for name, split, pictures, ks in parts:
        for k, accuracy in zip(ks, top_k_accuracy(network, pictures, device, ks)):
            stored[name] = stored.get(name, accuracy)
            note(f"{name}, top-{k} of {len(network.head.bias)}", 100 * accuracy, "%", split)
        if args.source == "mixed":
            note(f"{name}, top-1 among the {name} classes alone", 100 * _own_classes(network, pictures, name, device), "%", split)
    note_probe(note, network, device)
    for name, split, pictures, _ in parts:
        accuracy = _int8_accuracy(folder, pictures)
        note(f"{name}, int8 weights and activations, change of top-1", 100 * (accuracy - stored[name]), "points", split)
    checkpoint = Path(args.run) / "checkpoint.pt"
    if checkpoint.exists():
        trained = ResNet(len(network.head.bias))
        trained.load_state_dict(averaged_state(read_checkpoint(checkpoint)))
        trained.eval().to(device, memory_format=torch.channels_last)
        for name, split, pictures, _ in parts:
            [accuracy] = top_k_accuracy(trained, pictures, device)
            note(f"{name}, int8 weights, change of top-1 against the float32 weights", 100 * (stored[name] - accuracy), "points", split)
    else:
        print(f"skipped: int8 weights against float32 weights needs the training's checkpoint in {checkpoint.parent}")
    if args.write:
        path = folder / "manifest.json"
        manifest = json.loads(path.read_text())
        manifest["measured"] = rows
        write_json(path, manifest)
    return rows


def note_probe(note, network: ResNet, device: torch.device) -> None:
    """40 concepts that no network saw: three drawings of each in training styles teach a linear head, unseen styles test it."""
    splits = load_splits()
    concepts = []
    for category in dict.fromkeys(target["category"] for target in splits["targets"]):
        concepts += [t["name"] for t in splits["targets"] if t["category"] == category][:PROBE_CONCEPTS]
    known = load_emoji(splits["trainingStyles"], concepts)
    unseen = load_emoji(splits["heldOutStyles"], concepts)
    random = build_random(len(network.head.bias)).eval().to(device, memory_format=torch.channels_last)
    for name, model in (("frozen features", network), ("random features", random)):
        teach, test = compute(model.features, known, device), compute(model.features, unseen, device)
        across = probe_accuracy(teach, known.labels, test, unseen.labels, 3, PROBE_SEEDS)
        split = f"{len(concepts)} concepts never trained; taught by 3 drawings in training styles, tested on unseen styles; mean of {PROBE_SEEDS} draws"
        note(f"3-shot linear head on {name}, to unseen styles", 100 * across[0], "%", split)
        within = probe_accuracy(test, unseen.labels, None, None, 2, PROBE_SEEDS)
        split = f"{len(concepts)} concepts never trained; taught by 2 drawings in unseen styles, tested on the third; mean of {PROBE_SEEDS} draws"
        note(f"2-shot linear head on {name}, within unseen styles", 100 * within[0], "%", split)
        everything = torch.cat([teach, test]), torch.cat([known.labels, unseen.labels])
        mixed = probe_accuracy(*everything, None, None, 3, PROBE_SEEDS)
        split = f"{len(concepts)} concepts never trained; taught by 3 drawings of any style, tested on the others; mean of {PROBE_SEEDS} draws"
        note(f"3-shot linear head on {name}, any style", 100 * mixed[0], "%", split)


def _own_classes(network: ResNet, pictures: Pictures, name: str, device: torch.device) -> float:
    first = int(pictures.labels.min()) if name == "emoji" else 0
    count = len(pictures.names)
    return top_k_accuracy(lambda x: network(x)[:, first : first + count], _relabelled(pictures, first), device)[0]


def _relabelled(pictures: Pictures, first: int) -> Pictures:
    return Pictures(pictures.tiles, pictures.labels - first, pictures.names)


def _int8_accuracy(folder: Path, pictures: Pictures) -> float:
    import onnxruntime

    ranges = json.loads((folder / "manifest.json").read_text())["activationRanges"]
    model = to_int8(onnx.load(str(folder / "model.onnx")), ranges)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])

    def run(pixels: torch.Tensor) -> torch.Tensor:
        return torch.from_numpy(session.run(None, {"input": pixels.contiguous().numpy()})[0])

    return top_k_accuracy(run, pictures, torch.device("cpu"))[0]
