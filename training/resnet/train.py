"""Trains the network; the table it prints and the checkpoint it leaves are all that the later steps need."""

from __future__ import annotations

import argparse
import json
import math
import time
from pathlib import Path

import torch
import torch.nn.functional as F

from ..shared.augment import find_backgrounds, view_emoji, view_photos
from ..shared.checkpoint import read_checkpoint, save_checkpoint
from ..shared.errors import RecipeError
from ..shared.evaluate import top_k_accuracy
from ..shared.pictures import Pictures, shared_folder
from .model import ResNet
from .source import list_classes, load_part

# Share of the training at each side length: small pictures teach the first features at a fraction of the cost.
SIZES = ((0.125, 40), (0.6, 48), (1.0, 64))
WARM_UP = 0.04


def train(args: argparse.Namespace) -> Path:
    """Runs or resumes a training as the command line says; returns the checkpoint's path."""
    shared = shared_folder(args.shared)
    device = torch.device(args.device)
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    classes = list_classes(args.source, shared)
    model = ResNet(len(classes)).to(device, memory_format=torch.channels_last)
    average = [tensor.detach().clone() for tensor in _float_state(model)]
    decayed = [p for p in model.parameters() if p.ndim > 1]
    plain = [p for p in model.parameters() if p.ndim == 1]
    groups = [{"params": decayed, "weight_decay": args.weight_decay}, {"params": plain, "weight_decay": 0.0}]
    optimizer = torch.optim.SGD(groups, lr=args.learning_rate, momentum=0.9, nesterov=True)
    stream = Stream(args, shared)
    path = Path(args.run) / "checkpoint.pt"
    state = {"step": 0, "seconds": 0.0, "rows": [], "pictures": 0, "stepsBySize": {str(size): 0 for _, size in SIZES}}
    if path.exists():
        saved = read_checkpoint(path)
        if saved["source"] != args.source or saved["classes"] != len(classes):
            raise RecipeError(f"{path} belongs to another training ({saved['source']}, {saved['classes']} classes): use another --run.")
        model.load_state_dict(saved["model"])
        optimizer.load_state_dict(saved["optimizer"])
        average = [tensor.to(device) for tensor in saved["average"]]
        stream.generator.set_state(saved["generator"])
        state = {key: saved[key] for key in state}
        print(f"resumed at step {state['step']}, {state['seconds'] / 60:.1f} min", flush=True)

    print(_table_head(), flush=True)
    began, last_saved, last_loss = time.monotonic() - state["seconds"], time.monotonic(), math.nan

    def save() -> None:
        state["seconds"] = time.monotonic() - began
        row = {"step": state["step"], "minutes": round(state["seconds"] / 60, 2), "pictures": state["pictures"], "loss": round(last_loss, 4)}
        row |= _measure(model, average, stream.validation, device)
        state["rows"].append(row)
        print(_table_row(row), flush=True)
        entries = {"model": model.state_dict(), "average": average, "optimizer": optimizer.state_dict()}
        about = {"source": args.source, "classes": len(classes), "generator": stream.generator.get_state(), "options": vars(args)}
        save_checkpoint(path, entries | about | state)
        (path.parent / "curve.json").write_text(json.dumps(state["rows"], indent=1))

    while True:
        done = progress_of(args.steps, state["step"]) if args.steps else (time.monotonic() - began) / (args.minutes * 60)
        if done >= 1:
            break
        rate = args.learning_rate * min(1.0, done / WARM_UP) * 0.5 * (1 + math.cos(math.pi * done))
        for group in optimizer.param_groups:
            group["lr"] = rate
        size = next(side for until, side in SIZES if done < until)
        pixels, labels = stream.next_batch(size)
        pixels = pixels.to(device, memory_format=torch.channels_last)
        with torch.autocast(device.type, torch.bfloat16, enabled=args.bf16):
            logits = model(pixels)
        loss = F.cross_entropy(logits.float(), labels.to(device), label_smoothing=0.1)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        state["step"] += 1
        state["stepsBySize"][str(size)] += 1
        state["pictures"] += len(labels)
        keep = min(0.998, 1 - 10 / (state["step"] + 10))
        torch._foreach_lerp_(average, _float_state(model), 1 - keep)
        value = loss.item()
        if not math.isfinite(value):
            raise RecipeError(f"The loss became {value} at step {state['step']}: lower --learning-rate; the last checkpoint is whole.")
        last_loss = value if math.isnan(last_loss) else last_loss + (value - last_loss) * 0.02
        if time.monotonic() - last_saved > args.save_minutes * 60:
            save()
            last_saved = time.monotonic()
    save()
    return path


def progress_of(steps: list[int], step: int) -> float:
    """How far the schedule is, 0..1, after `step` steps, of which `steps` are to be taken at each side length."""
    from_share = 0.0
    for count, (until_share, _) in zip(steps, SIZES):
        if step < count:
            return from_share + (until_share - from_share) * step / count
        step -= count
        from_share = until_share
    return 1.0


class Stream:
    """Endless augmented batches, photos and emoji mixed in a fixed proportion, from one seeded generator."""

    def __init__(self, args: argparse.Namespace, shared: Path) -> None:
        self.generator = torch.Generator().manual_seed(args.seed)
        # The sheets of val are a tenth as large, which is all that a smoke run needs.
        self.photos, self.emoji = load_part(args.source, shared, "train", "val" if args.smoke else "train")
        share = {"mixed": args.photo_share, "photos": 1.0, "emoji": 0.0}[args.source]
        self.photo_count = round(args.batch * share)
        self.emoji_count = args.batch - self.photo_count
        self.order: dict[str, torch.Tensor] = {}
        self.validation = load_part(args.source, shared, "val", "val", 2 if args.smoke else 10)
        if args.smoke:
            self.emoji, self.validation = _thin(self.emoji), (self.validation[0], _thin(self.validation[1]))
        if self.emoji:
            self.backgrounds = torch.cat([find_backgrounds(part) for part in self.emoji.tiles.split(256)])

    def next_batch(self, size: int) -> tuple[torch.Tensor, torch.Tensor]:
        """float32 [batch, 3, size, size] and int64 [batch]."""
        views, labels = [], []
        if self.photos and self.photo_count:
            picked = self._pick("photos", len(self.photos), self.photo_count)
            views.append(view_photos(self.photos.tiles[picked], size, self.generator))
            labels.append(self.photos.labels[picked])
        if self.emoji and self.emoji_count:
            picked = self._pick("emoji", len(self.emoji), self.emoji_count)
            behind = self.photos or self.emoji
            scenery = behind.tiles[torch.randint(len(behind), (self.emoji_count,), generator=self.generator)]
            tiles, backgrounds = self.emoji.tiles[picked], self.backgrounds[picked]
            views.append(view_emoji(tiles, backgrounds, scenery, size, self.generator))
            labels.append(self.emoji.labels[picked])
        return torch.cat(views), torch.cat(labels)

    def _pick(self, kind: str, total: int, count: int) -> torch.Tensor:
        order = self.order.get(kind)
        if order is None or len(order) < count:
            order = torch.randperm(total, generator=self.generator)
        self.order[kind] = order[count:]
        return order[:count]


def averaged_state(saved: dict) -> dict[str, torch.Tensor]:
    """The state_dict of the averaged weights in a checkpoint: what is measured and exported."""
    state = dict(saved["model"])
    names = [name for name, tensor in state.items() if tensor.is_floating_point()]
    state.update(zip(names, saved["average"]))
    return state


def _thin(pictures: Pictures | None) -> Pictures | None:
    return pictures and Pictures(pictures.tiles[::12], pictures.labels[::12], pictures.names)


def _float_state(model: ResNet) -> list[torch.Tensor]:
    return [tensor.detach() for tensor in model.state_dict().values() if tensor.is_floating_point()]


def _measure(model: ResNet, average: list[torch.Tensor], validation: tuple[Pictures | None, Pictures | None], device: torch.device) -> dict:
    current = [tensor.clone() for tensor in _float_state(model)]
    torch._foreach_copy_(_float_state(model), average)
    result = {}
    for name, pictures in zip(("photos", "emoji"), validation):
        if pictures:
            result[name] = round(top_k_accuracy(model, pictures, device)[0], 4)
    torch._foreach_copy_(_float_state(model), current)
    return result


def _table_head() -> str:
    return f"{'step':>8} {'minutes':>8} {'pictures':>10} {'loss':>8} {'photos':>8} {'emoji':>8}   (top-1; photos: 10 a class of val, emoji: unseen styles)"


def _table_row(row: dict) -> str:
    accuracies = " ".join(f"{row[name]:8.1%}" if name in row else f"{'-':>8}" for name in ("photos", "emoji"))
    return f"{row['step']:8d} {row['minutes']:8.1f} {row['pictures']:10d} {row['loss']:8.3f} {accuracies}"
