"""Trains gpt-mini: guess the next piece everywhere in blocks of reviews and fiction."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

from ..shared.devices import Devices, open_devices
from ..shared.language.corpus import Corpus, cut_blocks
from ..shared.language.loop import Task, run_task
from ..shared.language.sources import Phases, open_text
from ..shared.language.wordpiece import SEP
from .model import Gpt

CURVE_BLOCKS = 32


def train(args: argparse.Namespace) -> Path:
    """Runs or resumes a training as the command line says; returns the checkpoint's path."""
    with open_devices(args) as devices:
        torch.manual_seed(args.seed)
        _, corpus = open_text(args)
        network = Gpt(args.size).to(devices.device)
        test = cut_test(corpus, args.size.positions, args.test_blocks or CURVE_BLOCKS)
        task = Task(
            id="gpt-mini",
            network=network,
            steps=args.steps,
            losses=plan_losses(corpus, args, devices),
            measure=lambda network: {"perplexity": perplexity(network, test, devices.device)},
            columns={"perplexity": ".2f"},
        )
        return run_task(task, args, devices)


def plan_losses(corpus: Corpus, args: argparse.Namespace, devices: Devices) -> Callable[[nn.Module, int], list[Callable[[], torch.Tensor]]]:
    """The loop's `losses`: this process's part of a step, in pieces of --micro sentences."""
    phases = Phases(corpus, args, overlap=1)

    def losses(network: nn.Module, step: int) -> list[Callable[[], torch.Tensor]]:
        blocks, _ = phases.next_batch(step, devices)

        def loss_of(part: torch.Tensor) -> torch.Tensor:
            part = part.to(devices.device)
            return F.cross_entropy(network(part[:, :-1]).flatten(0, 1).float(), part[:, 1:].flatten())

        return [lambda part=part: loss_of(part) for part in blocks.split(phases.micro(step))]

    return losses


def cut_test(corpus: Corpus, length: int, limit: int | None = None) -> list[torch.Tensor]:
    """
    Held-out reviews, each begun by the [SEP] that ends the one before, in blocks of `length` guesses: int64 batches
    [n, length + 1], the last piece of a block being the first of the next. What a block's first guesses see is short.
    """
    guesses = cut_blocks(corpus.held_out, length, limit)
    before = torch.cat([torch.tensor([SEP]), guesses[:-1, -1]])
    return list(torch.cat([before[:, None], guesses], 1).split(16))


def perplexity(network: Callable, test: list[torch.Tensor], device: torch.device) -> float:
    """exp of the mean loss of all guesses, each a piece."""
    loss = total = 0.0
    for part in test:
        part = part.to(device)
        logits = network(part[:, :-1]).flatten(0, 1).float()
        loss += F.cross_entropy(logits, part[:, 1:].flatten(), reduction="sum").item()
        total += part[:, 1:].numel()
    return math.exp(loss / total)


def next_accuracy(network: Callable, test: list[torch.Tensor], device: torch.device) -> float:
    """Share of the guesses whose likeliest piece is the one that follows."""
    right = total = 0
    for part in test:
        part = part.to(device)
        right += (network(part[:, :-1]).argmax(2) == part[:, 1:]).sum().item()
        total += part[:, 1:].numel()
    return right / total
