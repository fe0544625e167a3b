"""Measures the exported files on the held-out pictures; the card and the manifest take their numbers from here."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path

import onnx
import torch
import torch.nn.functional as F
from torch import nn

from ..checkpoint import read_checkpoint
from ..errors import RecipeError
from ..files import ROOT, shared_folder, write_json
from .architecture import Architecture, build_random
from .evaluate import compute, estimate_statistics, top_k_accuracy
from .export import calibration_tiles, model_folder
from .graph import load_network
from .int8_session import to_int8
from .linear_head import DRAWS, emoji_targets, head_accuracy, unseen_concepts
from .pictures import Pictures
from .source import load_part
from .train import averaged_state

RANDOM_NETWORKS, RANDOM_DRAWS = 3, 10
PIXEL_SIDE = 8

Note = Callable[[str, float, str, str], None]


def evaluate(architecture: Architecture, args: argparse.Namespace) -> list[dict]:
    """Prints all numbers as a table and, with --write, puts them into the manifest."""
    folder = model_folder(architecture, args)
    torch.set_num_threads(args.threads)
    command = f"python -m training.{architecture.id} evaluate --source {args.source}"
    rows = measure_files(architecture, args.source, folder, shared_folder(args.shared), command, Path(args.run), args.per_class)
    if args.write:
        path = folder / "manifest.json"
        manifest = json.loads(path.read_text())
        manifest["measured"] = rows
        write_json(path, manifest)
    return rows


def measure_files(
    architecture: Architecture, source: str, folder: Path, shared: Path, command: str, run: Path | None = None, per_class: int | None = None
) -> list[dict]:
    """
    The manifest's rows for the files in `folder`, printed as they come. What int8 weights cost against the float32 ones needs
    the training's checkpoint in `run`; without it a line says that this was skipped.
    """
    network = load_network(architecture, folder / "model.onnx").to(memory_format=torch.channels_last)
    rows: list[dict] = []

    def note(name: str, value: float, unit: str, split: str) -> None:
        rows.append({"name": name, "value": round(value, 2), "unit": unit, "split": split, "command": command})
        print(f"{name:<72} {value:8.2f} {unit:<8} {split}", flush=True)

    photos, emoji = load_part(source, shared, "val", "val", per_class)
    parts: list[tuple[str, str, Pictures]] = []
    if photos:
        parts.append(("photos", f"val of photos64, {len(photos):,} photos", photos))
    if emoji:
        parts.append(("emoji", f"trained concepts in styles never seen, {len(emoji):,} drawings", emoji))
    stored = _note_accuracy(note, network, parts, source)
    note_heads(note, architecture, network, source, shared)
    for name, split, pictures in parts:
        accuracy = _int8_accuracy(folder, pictures)
        note(f"{name}, int8 weights and activations, change of top-1", 100 * (accuracy - stored[name]), "points", split)
    checkpoint = run and run / "checkpoint.pt"
    if not checkpoint or not checkpoint.exists():
        print(f"skipped: int8 weights against float32 weights needs the training's checkpoint in {run or 'its --run folder'}")
        return rows
    trained = architecture.build(network.head.out_features)
    trained.load_state_dict(averaged_state(read_checkpoint(checkpoint)))
    trained.eval().to(memory_format=torch.channels_last)
    for name, split, pictures in parts:
        [accuracy] = top_k_accuracy(trained, pictures, torch.device("cpu"))
        note(f"{name}, int8 weights, change of top-1 against the float32 weights", 100 * (stored[name] - accuracy), "points", split)
    return rows


def note_heads(note: Note, architecture: Architecture, network: nn.Module, source: str, shared: Path) -> None:
    """
    Linear heads for 40 concepts that no network saw, on this network's features, on random ones and on plain pixels.

    Random weights are measured twice, because BatchNorm decides what they are worth: with the statistics that a new network has
    (mean 0, variance 1) it passes colours through nearly as they are, and with statistics estimated on pictures, as any
    network has that ran in training mode, it does not.
    """
    device, targets = torch.device("cpu"), emoji_targets(unseen_concepts())
    classes, tiles = network.head.out_features, calibration_tiles(source, shared)
    fresh = [build_random(architecture, classes, seed).eval() for seed in range(RANDOM_NETWORKS)]
    calibrated = [estimate_statistics(build_random(architecture, classes, seed), tiles, device) for seed in range(RANDOM_NETWORKS)]
    for target in targets:
        value = head_accuracy(lambda pictures: compute(network.features, pictures, device), target)
        note(f"{target.shots}-shot linear head on frozen features, {target.name}", 100 * value, "%", f"{target.about}; mean of {DRAWS} draws")
    [target, *_] = targets
    for kind, networks in {"BatchNorm estimated": calibrated, "BatchNorm as initialised": fresh}.items():
        values = [head_accuracy(lambda pictures, n=n: compute(n.features, pictures, device), target, RANDOM_DRAWS) for n in networks]
        of = f"mean of {RANDOM_NETWORKS} networks and {RANDOM_DRAWS} draws"
        note(f"{target.shots}-shot linear head on random features, {kind}, {target.name}", 100 * sum(values) / len(values), "%", f"{target.about}; {of}")
    value = head_accuracy(pixel_features, target)
    note(f"{target.shots}-shot linear head on {PIXEL_SIDE}×{PIXEL_SIDE} pixels, {target.name}", 100 * value, "%", f"{target.about}; mean of {DRAWS} draws")


def pixel_features(pictures: Pictures) -> torch.Tensor:
    """No network at all: the picture made smaller, float32 [n, 3 · 8 · 8] in 0..1."""
    return F.interpolate(pictures.tiles.float() / 255, size=(PIXEL_SIDE, PIXEL_SIDE), mode="area").flatten(1)


def measure_again(architecture: Architecture, manifest: dict, folder: Path, shared: Path, threads: int) -> list[dict]:
    """What `python -m training.evaluate` calls for each committed model: its rows, computed anew from its files."""
    source = manifest["id"].removeprefix(f"{architecture.id}-")
    torch.set_num_threads(threads)
    return measure_files(architecture, source, folder, shared, "python -m training.evaluate")


def _note_accuracy(note: Note, network: nn.Module, parts: list[tuple[str, str, Pictures]], source: str) -> dict[str, float]:
    stored = {}
    for name, split, pictures in parts:
        outputs = compute(network, pictures, torch.device("cpu"))
        classes = outputs.shape[1]
        top1, top5 = (_hits(outputs, pictures.labels, k) for k in (1, 5))
        stored[name] = top1
        note(f"{name}, top-1 of {classes}", 100 * top1, "%", split)
        note(f"{name}, top-5 of {classes}", 100 * top5, "%", split)
        if source == "mixed":
            first = classes - len(pictures.names) if name == "emoji" else 0
            own = _hits(outputs[:, first : first + len(pictures.names)], pictures.labels - first, 1)
            note(f"{name}, top-1 among the {name} classes alone", 100 * own, "%", split)
    return stored


def _hits(outputs: torch.Tensor, labels: torch.Tensor, k: int) -> float:
    return (outputs.topk(k, dim=1).indices == labels[:, None]).any(1).float().mean().item()


def _int8_accuracy(folder: Path, pictures: Pictures) -> float:
    import onnxruntime

    manifest = folder / "manifest.json"
    if not manifest.exists():
        raise RecipeError(f"{manifest.relative_to(ROOT) if manifest.is_relative_to(ROOT) else manifest} is missing; export writes it.")
    ranges = json.loads(manifest.read_text())["activationRanges"]
    model = to_int8(onnx.load(str(folder / "model.onnx")), ranges)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])

    def run(pixels: torch.Tensor) -> torch.Tensor:
        return torch.from_numpy(session.run(None, {"input": pixels.contiguous().numpy()})[0])

    return top_k_accuracy(run, pictures, torch.device("cpu"))[0]
