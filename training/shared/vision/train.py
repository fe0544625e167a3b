"""Trains a picture network; the table it prints and the checkpoint it leaves are all that the later steps need."""

from __future__ import annotations

import argparse
import math
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

from ..checkpoint import describe_machine, describe_versions, read_checkpoint, save_checkpoint
from ..devices import Devices, open_devices
from ..errors import RecipeError
from ..files import shared_folder, write_json
from .architecture import Architecture
from .evaluate import top_k_accuracy
from .pictures import describe_sheets
from .source import list_classes
from .stream import Stream

# Share of the training at each side length: small pictures teach the first features at a fraction of the cost.
SIZES = ((0.2, 40), (0.7, 48), (1.0, 64))
WARM_UP = 0.04
MOMENTUM = 0.9
LABEL_SMOOTHING = 0.1
CHECK_EVERY = 25  # steps between looks at the loss, each of which makes a GPU wait


def train(architecture: Architecture, args: argparse.Namespace) -> Path:
    """Runs or resumes a training as the command line says; returns the checkpoint's path."""
    with open_devices(args) as devices:
        run = _Run(architecture, args, devices)
        run.follow_schedule()
        return run.path


class _Run:
    """One training: network, averaged weights, optimizer, data, and what the checkpoint remembers of them."""

    def __init__(self, architecture: Architecture, args: argparse.Namespace, devices: Devices) -> None:
        self.architecture, self.args, self.devices = architecture, args, devices
        shared = shared_folder(args.shared)
        torch.manual_seed(args.seed)
        self.classes = len(list_classes(args.source, shared, args.leave_out))
        self.network = architecture.build(self.classes).to(devices.device, memory_format=torch.channels_last)
        self.average = [tensor.detach().clone() for tensor in float_state(self.network)]
        matrices = [p for p in self.network.parameters() if p.ndim > 1]
        vectors = [p for p in self.network.parameters() if p.ndim == 1]
        groups = [{"params": matrices, "weight_decay": args.weight_decay}, {"params": vectors, "weight_decay": 0.0}]
        self.optimizer = torch.optim.SGD(groups, lr=args.learning_rate, momentum=MOMENTUM, nesterov=True)
        self.stream = Stream(args, shared, devices)
        self.path = Path(args.run) / "checkpoint.pt"
        self.state = {"step": 0, "seconds": 0.0, "rows": [], "pictures": 0, "stepsBySize": {str(size): 0 for _, size in SIZES}, "snapshots": []}
        self.about = {
            "architecture": architecture.id,
            "source": args.source,
            "classes": self.classes,
            "options": vars(args) | {"device": str(devices.device), "bf16": devices.bf16, "processes": devices.world_size},
            "machine": describe_machine(devices, args.threads),
            "versions": describe_versions(),
            "data": describe_sheets(args.source, shared),
        }
        # Read by all processes before the first of them could write.
        if self.path.exists():
            self._resume()
        # After the weights are read, as the wrapper hands the first process's to the others.
        self.wrapped = devices.wrap(self.network)
        self.smooth_loss: torch.Tensor | None = None

    def _resume(self) -> None:
        saved = read_checkpoint(self.path)
        was = (saved.get("architecture", "resnet"), saved["source"], saved["classes"])
        if was != (self.architecture.id, self.args.source, self.classes):
            raise RecipeError(f"{self.path} belongs to another training ({was[0]}-{was[1]}, {was[2]} classes): use another --run.")
        self.network.load_state_dict(saved["model"])
        self.optimizer.load_state_dict(saved["optimizer"])
        self.average = [tensor.to(self.devices.device) for tensor in saved["average"]]
        self.state = {key: saved.get(key, value) for key, value in self.state.items()}
        if self.devices.is_main:
            self.stream.generator.set_state(saved["generator"])
        else:
            self.stream.generator.manual_seed(self.devices.seed_of(self.args.seed + self.state["step"]))
        self.devices.say(f"resumed at step {self.state['step']}, {self.state['seconds'] / 60:.1f} min")

    def follow_schedule(self) -> None:
        """Takes steps until the schedule is over, saving now and then and at the end."""
        args, state, devices = self.args, self.state, self.devices
        devices.say(_table_head())
        began, last_saved = time.monotonic() - state["seconds"], time.monotonic()
        while True:
            state["seconds"] = devices.agree(time.monotonic() - began)
            done = progress_of(args.steps, state["step"]) if args.steps else state["seconds"] / (args.minutes * 60)
            for share in args.snapshots:
                if done >= share / 100 and share not in state["snapshots"]:
                    self._take_snapshot(share)
            if done >= 1:
                break
            self._step(done)
            if state["step"] % CHECK_EVERY == 0:
                self._check_loss()
            if devices.agree(time.monotonic() - last_saved) > args.save_minutes * 60:
                self._save()
                last_saved = time.monotonic()
        self._save()

    def _step(self, done: float) -> None:
        rate = self.args.learning_rate * min(1.0, done / WARM_UP) * 0.5 * (1 + math.cos(math.pi * done))
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        size = next(side for until, side in SIZES if done < until)
        pixels, labels = self.stream.next_batch(size)
        with self.devices.autocast():
            logits = self.wrapped(pixels.contiguous(memory_format=torch.channels_last))
        loss = F.cross_entropy(logits.float(), labels, label_smoothing=LABEL_SMOOTHING)
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        self.state["step"] += 1
        self.state["stepsBySize"][str(size)] += 1
        self.state["pictures"] += self.args.batch
        keep = min(0.998, 1 - 10 / (self.state["step"] + 10))
        torch._foreach_lerp_(self.average, float_state(self.network), 1 - keep)
        value = loss.detach()
        self.smooth_loss = value if self.smooth_loss is None else self.smooth_loss.lerp(value, 0.02)

    def _check_loss(self) -> float:
        """The running mean of the loss over all processes; a training that has run away ends here, before it can be saved."""
        value = self.devices.average(math.nan if self.smooth_loss is None else self.smooth_loss.item())
        if self.smooth_loss is not None and not math.isfinite(value):
            raise RecipeError(f"The loss became {value} before step {self.state['step']}: lower --learning-rate; the last checkpoint is whole.")
        return value

    def _save(self) -> None:
        loss = self._check_loss()
        if not self.devices.is_main:
            return
        state = self.state
        row = {"step": state["step"], "minutes": round(state["seconds"] / 60, 2), "pictures": state["pictures"], "loss": round(loss, 4)}
        state["rows"].append(row | self._measure())
        self.devices.say(_table_row(state["rows"][-1]))
        entries = {"model": self.network.state_dict(), "average": self.average, "optimizer": self.optimizer.state_dict()}
        save_checkpoint(self.path, entries | self.about | {"generator": self.stream.generator.get_state()} | state)
        try:
            write_json(self.path.parent / "curve.json", state["rows"])
        except OSError as error:
            self.devices.say(f"curve.json not written: {error}")

    def _take_snapshot(self, share: float) -> None:
        """Keeps the averaged weights as they are after `share` percent of the training, in a file of their own that export reads."""
        self.state["snapshots"].append(share)
        if self.devices.is_main:
            entries = {"model": self.network.state_dict(), "average": self.average}
            save_checkpoint(snapshot_path(self.path.parent, share), entries | self.about | self.state)

    def _measure(self) -> dict[str, float]:
        current = [tensor.clone() for tensor in float_state(self.network)]
        torch._foreach_copy_(float_state(self.network), self.average)
        result = {name: round(top_k_accuracy(self.network, part, self.devices.device)[0], 4) for name, part in self.stream.validation.items()}
        torch._foreach_copy_(float_state(self.network), current)
        return result


def snapshot_path(run: Path, share: float) -> Path:
    """Where a training in `run` keeps its weights after `share` percent."""
    return run / f"snapshot-{share:g}.pt"


def progress_of(steps: list[int], step: int) -> float:
    """How far the schedule is, 0..1, after `step` steps, of which `steps` are to be taken at each side length."""
    from_share = 0.0
    for count, (until_share, _) in zip(steps, SIZES):
        if step < count:
            return from_share + (until_share - from_share) * step / count
        step -= count
        from_share = until_share
    return 1.0


def averaged_state(saved: dict) -> dict[str, torch.Tensor]:
    """The state_dict of the averaged weights in a checkpoint: what is measured and exported."""
    state = dict(saved["model"])
    names = [name for name, tensor in state.items() if tensor.is_floating_point()]
    state.update(zip(names, saved["average"]))
    return state


def float_state(network: nn.Module) -> list[torch.Tensor]:
    """Weights and BatchNorm statistics, in the order of the state_dict; changing them changes the network."""
    return [tensor.detach() for tensor in network.state_dict().values() if tensor.is_floating_point()]


def _table_head() -> str:
    return f"{'step':>8} {'minutes':>8} {'pictures':>10} {'loss':>8} {'photos':>8} {'emoji':>8}   (top-1; photos: 10 a class of val, emoji: unseen styles)"


def _table_row(row: dict) -> str:
    accuracies = " ".join(f"{row[name]:8.1%}" if name in row else f"{'-':>8}" for name in ("photos", "emoji"))
    return f"{row['step']:8d} {row['minutes']:8.1f} {row['pictures']:10d} {row['loss']:8.3f} {accuracies}"
