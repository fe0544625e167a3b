"""Measures the exported files on the held-out reviews; card and manifest take their numbers from here."""

from __future__ import annotations

import argparse
from pathlib import Path

import torch
from torch import nn

from ..shared.checkpoint import read_checkpoint
from ..shared.language.corpus import Corpus, cut_blocks
from ..shared.language.export import load_network, model_folder
from ..shared.language.int8_session import load_int8
from ..shared.language.measures import Measures, read_manifest
from ..shared.language.sources import open_text
from .kind import BERT
from .model import Bert
from .topics import open_piece_topics, place_texts, topic_axes
from .train import add_start, cut_test, masked_accuracy


def evaluate(args: argparse.Namespace) -> list[dict]:
    """Prints all numbers as a table and, with --write, puts them into the manifest."""
    torch.set_num_threads(args.threads)
    folder, cpu = model_folder(BERT, args), torch.device("cpu")
    manifest = read_manifest(folder)
    network = load_network(BERT, folder / "model.onnx")
    _, corpus = open_text(args)
    test = cut_test(corpus, args.size.positions, args.size.pieces, args.test_blocks)
    asked = sum(len(part.targets) for part in test)
    split = f"held-out reviews, {asked:,} pieces: each piece with chance 15 %, of these 80 % [MASK], 10 % another piece, 10 % left"
    measures = Measures(f"{BERT.command} evaluate")
    with torch.inference_mode():
        exact, loss = masked_accuracy(network, test, cpu)
        measures.note("masked pieces guessed", 100 * exact, "%", split)
        measures.note("mean loss of the guesses", loss, "nats", split)
        shown, blocks = topics_shown(network, corpus, args)
        if blocks:
            measures.note("topics that the mean state shows", 100 * shown, "% of variance", f"held-out reviews, {blocks:,} blocks of {args.size.positions} pieces within one review")
        common = torch.cat([part.targets for part in test]).bincount().max().item() / asked
        measures.note("always the commonest piece", 100 * common, "%", split)
        quick, _ = masked_accuracy(load_int8(folder / "model.onnx", manifest["activationRanges"], args.threads), test, cpu)
        measures.note("int8 weights and inputs of products, change", 100 * (quick - exact), "points", split)
        checkpoint = Path(args.run) / "checkpoint.pt"
        if checkpoint.exists():
            trained = Bert(args.size).eval()
            trained.load_state_dict(read_checkpoint(checkpoint)["model"])
            measures.note("int8 weights, change against the float32 weights", 100 * (exact - masked_accuracy(trained, test, cpu)[0]), "points", split)
        else:
            print(f"skipped: int8 weights against float32 weights needs the training's checkpoint in {checkpoint.parent}")
    if args.write:
        measures.write(folder)
    return measures.rows


def topics_shown(network: nn.Module, corpus: Corpus, args: argparse.Namespace) -> tuple[float, int]:
    """Share of the variance of a review's topics that the mean of a block's states shows on the axes kept for them, and the number of blocks."""
    length, axes = args.size.positions - 1, topic_axes(args.size.width)
    topics = place_texts(corpus.held_out, open_piece_topics(Path(args.corpus), corpus.reviews, args.size.pieces))
    blocks = cut_blocks(corpus.held_out, length, args.test_blocks)
    inside, wanted = topics.of(torch.arange(len(blocks)) * length, length)
    blocks, wanted = blocks[inside], wanted[inside]
    if not len(blocks):
        return 0.0, 0
    means = torch.cat([network.encode(add_start(part)).mean(1) for part in blocks.split(32)])
    return 1 - ((means @ axes.T - wanted).square().mean() / wanted.var(0, correction=0).mean()).item(), len(blocks)
