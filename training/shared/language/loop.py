"""The training loop of all language recipes: batches by step number, so that a resumed run goes on as if it had never stopped."""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import json
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn

from ..checkpoint import describe_machine, describe_versions, read_checkpoint, save_checkpoint
from ..devices import Devices
from ..errors import RecipeError
from .optimizer import make_optimizers, rate_at


@dataclass
class Task:
    """What a recipe hands to the loop."""

    id: str
    """Of the model; a checkpoint of another one is refused."""
    network: nn.Module
    """On its device already."""
    steps: int
    losses: Callable[[nn.Module, int], list[Callable[[], torch.Tensor]]]
    """The step's part for this process in pieces that fit into memory, each a function that gives its mean loss."""
    measure: Callable[[nn.Module], dict[str, float]]
    """What stands in the table beside the loss."""
    columns: dict[str, str]
    """Column of the table → format of its numbers."""


@contextlib.contextmanager
def _tiny_numbers_as_zeros() -> Iterator[None]:
    """Products of tiny gradients fall below 1e-38, where this arithmetic is many times slower; as zeros they change nothing. The mode is the process's, so it ends here."""
    torch.set_flush_denormal(True)
    try:
        yield
    finally:
        torch.set_flush_denormal(False)


@_tiny_numbers_as_zeros()
def run_task(task: Task, args: argparse.Namespace, devices: Devices) -> Path:
    """Trains until the schedule ends, resuming from the run's folder; returns the checkpoint's path. Raises RecipeError for a loss that is no number."""
    path = Path(args.run) / "checkpoint.pt"
    network, optimizers = task.network, make_optimizers(task.network, args.weight_decay, args.muon)
    state: dict = {"step": 0, "seconds": 0.0, "loss": math.nan, "rows": []}
    if path.exists():
        saved = read_checkpoint(path)
        _check_same(path, saved, task, args)
        network.load_state_dict(saved["model"])
        for optimizer, values in zip(optimizers, saved["optimizers"]):
            optimizer.load_state_dict(values)
        state = {key: saved[key] for key in state}
        devices.say(f"resumed at step {state['step']}, {state['seconds'] / 60:.1f} min")
        if state["step"] >= task.steps:
            devices.say("the schedule is over: nothing to do")
            return path
    wrapped = devices.wrap(network)
    devices.say(f"{'step':>8} {'minutes':>8} {'loss':>8} " + " ".join(f"{name:>12}" for name in task.columns))
    began, saved_at = time.monotonic() - state["seconds"], time.monotonic()

    def save() -> None:
        if not devices.is_main:
            return
        state["seconds"] = time.monotonic() - began
        network.eval()
        with torch.inference_mode(), devices.autocast():
            measured = task.measure(network)
        network.train()
        row = {"step": state["step"], "minutes": round(state["seconds"] / 60, 2), "loss": round(state["loss"], 4)}
        state["rows"].append(row | {name: round(value, 5) for name, value in measured.items()})
        numbers = " ".join(f"{format(measured[name], spec):>12}" for name, spec in task.columns.items())
        devices.say(f"{row['step']:8d} {row['minutes']:8.1f} {row['loss']:8.3f} {numbers}")
        values = {"model": network.state_dict(), "optimizers": [optimizer.state_dict() for optimizer in optimizers]}
        save_checkpoint(path, values | _describe(task, args, devices) | state)
        write_curve(path.parent / "curve.json", state["rows"])

    network.train()
    while state["step"] < task.steps:
        for optimizer in optimizers:
            for group in optimizer.param_groups:
                group["lr"] = rate_at((state["step"] + 0.5) / task.steps, args.learning_rate)
            optimizer.zero_grad()
        loss = _take_step(wrapped, optimizers, task.losses(wrapped, state["step"]), devices)
        if not math.isfinite(loss):
            raise RecipeError(f"The loss became {loss} at step {state['step']}: lower --learning-rate; the last checkpoint is whole.")
        state["step"] += 1
        state["loss"] = loss if math.isnan(state["loss"]) else state["loss"] + (loss - state["loss"]) * 0.03
        if devices.agree(time.monotonic() - saved_at) > args.save_minutes * 60 and state["step"] < task.steps:
            save()
            saved_at = time.monotonic()
    save()
    return path


def write_curve(path: Path, rows: list[dict]) -> None:
    """The table so far as JSON; a full disk is said and forgiven, since the checkpoint holds the rows as well."""
    try:
        path.write_text(json.dumps(rows, indent=1))
    except OSError as error:
        print(f"curve not written: {error}", flush=True)


def _take_step(network: nn.Module, optimizers: list[torch.optim.Optimizer], losses: list[Callable[[], torch.Tensor]], devices: Devices) -> float:
    total = 0.0
    for place, part in enumerate(losses):
        last = place == len(losses) - 1
        # gradients travel between processes once a step, with its last part
        waiting = contextlib.nullcontext() if last or devices.world_size == 1 else network.no_sync()
        with waiting:
            with devices.autocast():
                loss = part() / len(losses)
            loss.backward()
        total += loss.item()
    torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
    for optimizer in optimizers:
        optimizer.step()
    return devices.average(total)


def _describe(task: Task, args: argparse.Namespace, devices: Devices) -> dict:
    """What export and card want to know later, in plain values, which is all that a checkpoint may hold."""
    options = {name: value for name, value in vars(args).items() if isinstance(value, (str, int, float, bool, type(None)))}
    machine = describe_machine(devices, args.threads)
    about = {"options": options, "size": dataclasses.asdict(args.size), "machine": machine, "versions": describe_versions()}
    return {"id": task.id, "processes": devices.world_size, **about}


def _check_same(path: Path, saved: dict, task: Task, args: argparse.Namespace) -> None:
    if saved.get("id") != task.id:
        raise RecipeError(f"{path} belongs to another training ({saved.get('id', 'of pictures')}): use another --run.")
    for name in ("steps", "seed", "batch", "learning_rate", "weight_decay", "muon", "topic_weight"):
        before = saved["options"].get(name)
        if name == "steps" and args.extend and before < args.steps:
            continue
        if before != getattr(args, name, None):
            option = name.replace("_", "-")
            raise RecipeError(f"{path} was trained with --{option} {before}, not {getattr(args, name)}: give the same again, or another --run.")
