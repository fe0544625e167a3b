"""Fine-tunes bert-mini on SST-2, or trains the same network from nothing."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

from ..bert.kind import BERT
from ..shared.checkpoint import read_checkpoint
from ..shared.devices import Devices, open_devices
from ..shared.errors import RecipeError
from ..shared.files import ROOT
from ..shared.language.export import load_network
from ..shared.language.loop import Task, run_task
from ..shared.language.sources import open_vocabulary
from .data import Encoded, choose_few, encode_sentences, load_sentences, plan_batches
from .model import Sentiment


def train(args: argparse.Namespace) -> Path:
    """Runs or resumes a training as the command line says; returns the checkpoint's path."""
    with open_devices(args) as devices:
        tokenizer = open_vocabulary(args)
        teach, test = (encode_sentences(tokenizer, load_sentences(args.smoke, args.shared, part), args.size.positions) for part in ("train", "dev"))
        if args.few:
            teach = choose_few(teach, args.few // 2, args.seed)
        network = begin_network(args).to(devices.device)
        task = Task(
            id="sentiment-mini",
            network=network,
            steps=args.steps,
            losses=plan_losses(teach, args, devices),
            measure=lambda network: {"accuracy": accuracy(network, test, devices.device)},
            columns={"accuracy": ".2%"},
        )
        return run_task(task, args, devices)


def begin_network(args: argparse.Namespace) -> Sentiment:
    """The network before its first step: bert-mini's encoder, or random weights with --scratch; the head is random, by seed."""
    torch.manual_seed(args.seed)
    network = Sentiment(args.size)
    if not args.scratch:
        source = find_source(args, Path(args.run).parent)
        state = load_network(BERT, source).state_dict() if source.suffix == ".onnx" else read_checkpoint(source)["model"]
        table = state.get("embeddings.word.weight")
        if table is None or tuple(table.shape) != (args.size.pieces, args.size.width):
            raise RecipeError(f"{source} holds no bert-mini of this size: give the checkpoint or the model.onnx of python -m training.bert with --source.")
        network.adopt(state)
    return network


def find_source(args: argparse.Namespace, runs: Path) -> Path:
    """
    Where bert-mini's weights are: --source, else the checkpoint of its training in `runs`, else the model file of the
    repository, whose matrices are rounded to 8 bits.
    """
    if args.source:
        return Path(args.source)
    checkpoint = runs / f"bert-mini{'-smoke' if args.smoke else ''}" / "checkpoint.pt"
    committed = ROOT / "public" / "models" / BERT.id / "model.onnx"
    return committed if not args.smoke and not checkpoint.exists() else checkpoint


def plan_losses(teach: Encoded, args: argparse.Namespace, devices: Devices) -> Callable[[nn.Module, int], list[Callable[[], torch.Tensor]]]:
    """The loop's `losses`: this process's sentences of a step."""
    batch = min(args.batch, len(teach))
    share = devices.share_of(batch)
    passes: dict[int, list[list[int]]] = {}
    per_pass = len(plan_batches(teach, batch, args.seed, 0))

    def losses(network: nn.Module, step: int) -> list[Callable[[], torch.Tensor]]:
        epoch, place = divmod(step, per_pass)
        if epoch not in passes:
            passes.clear()
            passes[epoch] = plan_batches(teach, batch, args.seed, epoch)
        mine = passes[epoch][place][devices.rank * share : (devices.rank + 1) * share]
        part = teach.batch(mine).to(devices.device)
        return [lambda: F.cross_entropy(network(part.ids, part.mask).float(), part.labels)]

    return losses


def accuracy(network: Callable, test: Encoded, device: torch.device, batch: int = 64) -> float:
    """Share of the sentences that the network labels rightly."""
    order = sorted(range(len(test)), key=lambda place: len(test.ids[place]))
    right = 0
    for start in range(0, len(order), batch):
        part = test.batch(order[start : start + batch]).to(device)
        right += (network(part.ids, part.mask).argmax(1) == part.labels).sum().item()
    return right / len(test)
