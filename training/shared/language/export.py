"""Turns a checkpoint into the files of public/models/<id>/: weights, manifest, and labels where there are some."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import numpy as np
import torch

from ..checkpoint import read_checkpoint
from ..errors import RecipeError
from ..files import ROOT, describe_file, sha256_of, write_json
from .graph import count_macs, load_state, read_size, trace_values
from .model_kind import LanguageModel
from .sources import vocabulary_path
from .transformer import Size
from .wordpiece import LONGEST_WORD, SPECIAL

PLACES = ("pad", "unknown", "start", "end", "mask")


def model_folder(model: LanguageModel, args: argparse.Namespace) -> Path:
    """Where the model's files are: --model, else public/models/<id>."""
    return Path(args.model) if args.model else ROOT / "public" / "models" / model.id


def log_file(model: LanguageModel, args: argparse.Namespace) -> Path:
    """The tracked record of a training: options, versions, machine and curve; with --model it lies beside the model."""
    return Path(args.model) / "log.json" if args.model else ROOT / "training" / model.recipe / "runs" / f"{model.id}.json"


def export(model: LanguageModel, args: argparse.Namespace, texts: torch.Tensor) -> Path:
    """
    Writes model.onnx, manifest.json, labels.json and the training's log; returns the folder. `texts` int64 [n, T] are pieces of
    training text, from which the activation ranges are found. Raises RecipeError for a foreign checkpoint or a full disk.
    """
    torch.set_num_threads(args.threads)
    saved = read_checkpoint(Path(args.run) / "checkpoint.pt")
    if saved.get("id") != model.id:
        raise RecipeError(f"{args.run} holds a training of {saved.get('id', 'pictures')}, not of {model.id}: give its folder with --run.")
    size, folder, vocabulary = Size(**saved["size"]), model_folder(model, args), vocabulary_path(args)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _replace(folder / "model.onnx", model.build_graph(saved["model"], size).SerializeToString())
        files = {"weights": describe_file(folder / "model.onnx"), "vocabulary": _describe_vocabulary(vocabulary, folder)}
        if model.labels:
            write_json(folder / "labels.json", [{"id": label, "name": label, "source": "sentence"} for label in model.labels])
            files["labels"] = describe_file(folder / "labels.json")
        network = load_network(model, folder / "model.onnx")
        manifest = {
            "id": model.id,
            "title": model.title,
            "version": args.release,
            "task": model.task,
            "files": files,
            "input": describe_input(model, size),
            "output": {"name": "logits", "classes": len(model.labels) or size.pieces},
            "activationRanges": find_ranges(network, texts[:, : size.positions], model.has_mask),
            "parameters": sum(parameter.numel() for parameter in network.parameters()),
            "macs": count_macs(size, size.positions, model.head_macs(size, size.positions)),
            "licence": model.licence,
            "trainedOn": model.trained_on,
            "measured": [],
            "recipe": f"training/{model.recipe}",
        }
        write_json(folder / "manifest.json", manifest)
        write_json(log_file(model, args), describe_training(saved, args.note))
    except OSError as error:
        raise RecipeError(f"The files could not be written to {folder} ({error}). Make room and export again.") from error
    print(f"{folder}: {files['weights']['sizeBytes']:,} bytes, {manifest['parameters']:,} parameters, {manifest['macs']:,} MACs")
    return folder


def describe_input(model: LanguageModel, size: Size) -> dict:
    """How a text becomes the input, for manifests."""
    special = {place: piece for place, piece in zip(PLACES, SPECIAL)}
    return {
        "name": "input_ids",
        **({"mask": "attention_mask"} if model.has_mask else {}),
        "shape": ["N", "T"],
        "dtype": "int64",
        "longest": size.positions,
        "tokenizer": {"kind": "wordpiece", "lowercase": True, "stripAccents": True, "continuation": "##", "longestWord": LONGEST_WORD},
        "special": special,
        "wrap": {"before": model.start, **({"after": model.end} if model.end else {})},
    }


def load_network(model: LanguageModel, path: Path) -> torch.nn.Module:
    """The network that a model file holds, its int8 weights dequantised, in evaluation mode."""
    if not path.exists():
        raise RecipeError(f"There is no model file {path}. Make it with: {model.command} export")
    return load_state(path, model.build(read_size(path)))


def find_ranges(network: torch.nn.Module, texts: torch.Tensor, has_mask: bool) -> dict[str, list[float]]:
    """For each float value of the graph the range that holds all but one in 10,000 of its numbers at either end, over `texts` int64 [n, T]."""
    values = trace_values(network, texts, *([torch.ones_like(texts)] if has_mask else []))
    ranges = {}
    for name, value in values.items():
        if "mask" in name and "scores" not in name:
            continue
        numbers = value.float().flatten().numpy()
        # what may not be seen lies 10,000 below and says nothing about the scores
        numbers = numbers[numbers > -5000] if name.endswith("masked_scores") else numbers
        thinned = numbers[:: max(1, len(numbers) // 1_000_000)]
        low = 0.0 if numbers.min() >= 0 else float(np.quantile(thinned, 1e-4))
        ranges[name] = [round(low, 5), round(float(np.quantile(thinned, 1 - 1e-4)), 5)]
    return ranges


def describe_training(saved: dict, notes: list[str]) -> dict:
    """What is worth keeping of a checkpoint beside the weights, with notes for the card."""
    kept = ("seed", "steps", "batch", "learning_rate", "weight_decay", "muon", "threads", "device", "bf16", "scratch", "few", "begin", "topic_weight")
    return {
        "id": saved["id"],
        "options": {name: saved["options"][name] for name in kept if name in saved["options"]},
        "size": saved["size"],
        "minutes": round(saved["seconds"] / 60, 1),
        "processes": saved["processes"],
        "versions": saved["versions"],
        "machine": saved["machine"],
        **({"notes": notes} if notes else {}),
        "curve": saved["rows"],
    }


def _describe_vocabulary(path: Path, folder: Path) -> dict:
    """The one vocabulary of all language models, from where this model's manifest lies."""
    return {"path": os.path.relpath(path, folder).replace(os.sep, "/"), "sizeBytes": path.stat().st_size, "sha256": sha256_of(path)}


def _replace(path: Path, data: bytes) -> None:
    unfinished = path.with_name(f"{path.name}.unfinished")
    try:
        unfinished.write_bytes(data)
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)
