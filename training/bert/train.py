"""Pre-trains bert-mini: guess masked pieces in blocks of reviews and fiction, and show each review's topics in the mean of the states."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

from ..shared.devices import Devices, open_devices
from ..shared.errors import RecipeError
from ..shared.language.corpus import Corpus, cut_blocks
from ..shared.language.export import load_network
from ..shared.language.loop import Task, run_task
from ..shared.language.sources import Phases, open_text
from ..shared.language.wordpiece import CLS
from .kind import BERT
from .masking import TEST_SHARE, mask_pieces
from .model import Bert
from .topics import open_piece_topics, place_texts, topic_axes

# More holes than the test has: each step learns from more of them, and a short training profits.
TRAIN_SHARE = 0.2
CURVE_BLOCKS = 96


def train(args: argparse.Namespace) -> Path:
    """Runs or resumes a training as the command line says; returns the checkpoint's path."""
    with open_devices(args) as devices:
        torch.manual_seed(args.seed)
        tokenizer, corpus = open_text(args)
        network = begin_network(args).to(devices.device)
        test = cut_test(corpus, args.size.positions, args.size.pieces, args.test_blocks or CURVE_BLOCKS)
        task = Task(
            id="bert-mini",
            network=network,
            steps=args.steps,
            losses=plan_losses(corpus, args, devices),
            measure=lambda network: {"accuracy": masked_accuracy(network, test, devices.device)[0]},
            columns={"accuracy": ".2%"},
        )
        return run_task(task, args, devices)


def begin_network(args: argparse.Namespace) -> Bert:
    """The network before its first step: random weights by seed, or those of a model file."""
    network = Bert(args.size)
    if args.begin:
        try:
            network.load_state_dict(load_network(BERT, Path(args.begin)).state_dict())
        except RuntimeError:
            raise RecipeError(f"{args.begin} holds no bert-mini of this size: give a model.onnx that python -m training.bert export has written.") from None
    return network


def plan_losses(corpus: Corpus, args: argparse.Namespace, devices: Devices) -> Callable[[nn.Module, int], list[Callable[[], torch.Tensor]]]:
    """The loop's `losses`: this process's part of a step, in pieces of --micro sentences."""
    phases = Phases(corpus, args, overlap=-1)
    topics = place_texts(corpus.reviews, open_piece_topics(Path(args.corpus), corpus.reviews, args.size.pieces)) if args.topic_weight else None
    axes = topic_axes(args.size.width).to(devices.device)

    def losses(network: nn.Module, step: int) -> list[Callable[[], torch.Tensor]]:
        generator = torch.Generator().manual_seed(devices.seed_of(args.seed * 1_000_003 + step))
        blocks, places = phases.next_batch(step, devices)

        def loss_of(part: torch.Tensor, at: torch.Tensor) -> torch.Tensor:
            masked = mask_pieces(add_start(part), TRAIN_SHARE, args.size.pieces, generator)
            logits, means = network(masked.ids.to(devices.device), at=masked.at.to(devices.device), with_means=True)
            loss = F.cross_entropy(logits.float(), masked.targets.to(devices.device))
            if topics is None:
                return loss
            inside, wanted = (each.to(devices.device) for each in topics.of(at, part.shape[1]))
            distance = (means.float() @ axes.T - wanted).square().mean(1)
            return loss + args.topic_weight * (distance * inside).mean()

        size = phases.micro(step)
        return [lambda part=part, at=at: loss_of(part, at) for part, at in zip(blocks.split(size), places.split(size))]

    return losses


def add_start(blocks: torch.Tensor) -> torch.Tensor:
    """[CLS] before each block: int64 [N, T - 1] → [N, T]."""
    return torch.cat([torch.full((len(blocks), 1), CLS), blocks], 1)


def cut_test(corpus: Corpus, length: int, pieces: int, limit: int | None = None) -> list:
    """Held-out reviews in blocks of `length` pieces with 15 % of them masked, always the same ones: batches of 32."""
    generator = torch.Generator().manual_seed(0)
    blocks = add_start(cut_blocks(corpus.held_out, length - 1, limit))
    return [mask_pieces(part, TEST_SHARE, pieces, generator) for part in blocks.split(32)]


def masked_accuracy(network: Callable, test: list, device: torch.device) -> tuple[float, float]:
    """Share of the chosen pieces that the network guesses, and its mean loss in nats."""
    right = loss = total = 0.0
    for masked in test:
        logits = network(masked.ids.to(device), at=masked.at.to(device)).float().cpu()
        right += (logits.argmax(1) == masked.targets).sum().item()
        loss += F.cross_entropy(logits, masked.targets, reduction="sum").item()
        total += len(masked.targets)
    return right / total, loss / total
