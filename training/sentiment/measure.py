"""Measures the exported files on SST-2's dev sentences; card and manifest take their numbers from here."""

from __future__ import annotations

import argparse
import json
import statistics
from pathlib import Path

import torch

from ..shared.checkpoint import read_checkpoint
from ..shared.language.export import load_network, model_folder
from ..shared.language.int8_session import load_int8
from ..shared.language.measures import Measures, read_manifest
from ..shared.language.sources import open_vocabulary
from .compare import CASES, FEW
from .data import encode_sentences, load_sentences
from .kind import SENTIMENT
from .model import Sentiment
from .train import accuracy


def evaluate(args: argparse.Namespace) -> list[dict]:
    """Prints all numbers as a table and, with --write, puts them into the manifest."""
    torch.set_num_threads(args.threads)
    folder, cpu = model_folder(SENTIMENT, args), torch.device("cpu")
    manifest = read_manifest(folder)
    network = load_network(SENTIMENT, folder / "model.onnx")
    test = encode_sentences(open_vocabulary(args), load_sentences(args.smoke, args.shared, "dev"), args.size.positions)
    split = f"SST-2 dev, {len(test):,} sentences"
    measures = Measures(f"{SENTIMENT.command} evaluate")
    with torch.inference_mode():
        exact = accuracy(network, test, cpu)
        measures.note("sentences labelled rightly", 100 * exact, "%", split)
        quick = load_int8(folder / "model.onnx", manifest["activationRanges"], args.threads)
        measures.note("int8 weights and inputs of products, change", 100 * (accuracy(quick, test, cpu) - exact), "points", split)
        checkpoint = Path(args.run) / "checkpoint.pt"
        if checkpoint.exists():
            trained = Sentiment(args.size).eval()
            trained.load_state_dict(read_checkpoint(checkpoint)["model"])
            measures.note("int8 weights, change against the float32 weights", 100 * (exact - accuracy(trained, test, cpu)), "points", split)
        else:
            print(f"skipped: int8 weights against float32 weights needs the training's checkpoint in {checkpoint.parent}")
    note_comparison(measures, Path(args.run) / "compare.json", split)
    if args.write:
        measures.write(folder)
    return measures.rows


def note_comparison(measures: Measures, path: Path, split: str) -> None:
    """What `compare` found: each case's mean and spread over seeds, and what pre-training adds."""
    if not path.exists():
        print(f"skipped: pre-trained against scratch needs {path}: {SENTIMENT.command} compare")
        return
    results, command = json.loads(path.read_text()), f"{SENTIMENT.command} compare"
    means = {}
    for case in CASES:
        values = [100 * value for value in results.get(case.name, {}).values()]
        if not values:
            continue
        means[case.name] = statistics.mean(values)
        over = f"mean of {len(values)} seeds, deviation {statistics.stdev(values):.1f}" if len(values) > 1 else "one training"
        labels = f"{FEW} labelled sentences" if case.few else "all labelled sentences"
        measures.note(case.name, means[case.name], "%", f"{split}; {labels}, {over}", command)
    for few in (False, True):
        tuned, scratch = (case.name for case in sorted((c for c in CASES if c.few == few), key=lambda c: c.scratch))
        if tuned in means and scratch in means:
            labels = f"{FEW} labels" if few else "all labels"
            measures.note(f"what pre-training adds, {labels}", means[tuned] - means[scratch], "points", split, command)
