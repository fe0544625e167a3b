"""Measures the exported files on the held-out reviews; card and manifest take their numbers from here."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import torch

from ..shared.checkpoint import read_checkpoint
from ..shared.files import write_json
from ..shared.language.corpus import Corpus
from ..shared.language.export import load_network, log_file, model_folder
from ..shared.language.int8_session import load_int8
from ..shared.language.measures import Measures, read_manifest
from ..shared.language.sources import open_text
from .kind import GPT
from .model import Gpt
from .sample import write_samples
from .train import cut_test, next_accuracy, perplexity


def evaluate(args: argparse.Namespace) -> list[dict]:
    """Prints all numbers as a table and a few samples; with --write puts them into manifest and log."""
    torch.set_num_threads(args.threads)
    folder, cpu = model_folder(GPT, args), torch.device("cpu")
    manifest = read_manifest(folder)
    network = load_network(GPT, folder / "model.onnx")
    tokenizer, corpus = open_text(args)
    test = cut_test(corpus, args.size.positions, args.test_blocks)
    guesses = sum(part[:, 1:].numel() for part in test)
    split = f"held-out reviews, {guesses:,} pieces in blocks of {args.size.positions}; the first guesses of a block see little before them"
    measures = Measures(f"{GPT.command} evaluate")
    with torch.inference_mode():
        exact = perplexity(network, test, cpu)
        right = next_accuracy(network, test, cpu)
        measures.note("perplexity per word piece", exact, "", split)
        measures.note("next pieces guessed", 100 * right, "%", split)
        measures.note("perplexity of the pieces' frequencies alone", unigram_perplexity(corpus, args.size.pieces), "", split)
        quick = load_int8(folder / "model.onnx", manifest["activationRanges"], args.threads)
        measures.note("int8 weights and inputs of products: perplexity", perplexity(quick, test, cpu), "", split)
        measures.note("int8 weights and inputs of products: guessed, change", 100 * (next_accuracy(quick, test, cpu) - right), "points", split)
        checkpoint = Path(args.run) / "checkpoint.pt"
        if checkpoint.exists():
            trained = Gpt(args.size).eval()
            trained.load_state_dict(read_checkpoint(checkpoint)["model"])
            measures.note("float32 weights: perplexity", perplexity(trained, test, cpu), "", split)
            measures.note("int8 weights: guessed, change against float32", 100 * (right - next_accuracy(trained, test, cpu)), "points", split)
        else:
            print(f"skipped: int8 weights against float32 weights needs the training's checkpoint in {checkpoint.parent}")
        samples = write_samples(network, tokenizer, args.size.positions)
    for sample in samples:
        print(f"{sample['prompt']} … {sample['text']}")
    if args.write:
        measures.write(folder)
        log = log_file(GPT, args)
        if log.exists():
            write_json(log, json.loads(log.read_text()) | {"samples": samples})
    return measures.rows


def unigram_perplexity(corpus: Corpus, pieces: int) -> float:
    """Of guessing each held-out piece with its frequency in the training reviews, one added to each count."""
    known = np.bincount(corpus.reviews, minlength=pieces) + 1.0
    asked = np.bincount(corpus.held_out, minlength=pieces)
    return float(np.exp(-(asked * np.log(known / known.sum())).sum() / asked.sum()))
