"""
A recipe's state on disk. Life cycle: written beside the old file, then moved over it, so that a full disk or a stopped machine
leaves the last good checkpoint; the one before stays as `<name>.before.pt`, for the day that a disk damages the newest; read
back when the same recipe starts again in the same folder.
"""

from __future__ import annotations

import os
import platform
from pathlib import Path
from typing import Any

import numpy as np
import torch

from .devices import Devices
from .errors import RecipeError


def save_checkpoint(path: Path, state: dict[str, Any]) -> bool:
    """Replaces `path` by `state`; on failure says so, keeps the old file and returns False, so that training goes on."""
    unfinished = path.with_suffix(".unfinished")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        torch.save(state, unfinished)
        with open(unfinished, "rb+") as file:
            os.fsync(file.fileno())
        _keep_previous(path)
        os.replace(unfinished, path)
        return True
    except (OSError, RuntimeError) as error:
        unfinished.unlink(missing_ok=True)
        print(f"checkpoint not written, the one before is kept: {error}", flush=True)
        return False


def read_checkpoint(path: Path) -> dict[str, Any]:
    """The state saved in `path`; a truncated or foreign file becomes a RecipeError, and stays where it is."""
    if not path.exists():
        raise RecipeError(f"There is no checkpoint {path}. Train first, or give the right folder with --run.")
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # torch raises half a dozen kinds for a damaged file
        before = _previous(path)
        remedy = f"The save before it is {before.name}: give it this name to go on from there, or delete both to start again." if before.exists() else "Delete it to start again."
        raise RecipeError(f"{path} is damaged or cut short ({type(error).__name__}). {remedy}") from error
    if not isinstance(state, dict) or "model" not in state:
        raise RecipeError(f"{path} is not a checkpoint of these recipes: it has no entry 'model'.")
    return state


def describe_machine(devices: Devices, threads: int) -> str:
    """Where a training ran, for its log and card."""
    if devices.device.type == "cuda":
        place = torch.cuda.get_device_name(devices.device)
    else:
        place = f"{platform.machine()}, {threads} threads, cpu"
    return place if devices.world_size == 1 else f"{devices.world_size} processes, each on {place}"


def describe_versions() -> dict[str, str]:
    """Versions of what computes, for logs and golden answers."""
    return {"python": platform.python_version(), "torch": str(torch.__version__), "numpy": np.__version__}


def _previous(path: Path) -> Path:
    return path.with_suffix(f".before{path.suffix}")


def _keep_previous(path: Path) -> None:
    """A second name for the file that is about to be replaced; where a disk knows no hard links there is none."""
    try:
        _previous(path).unlink(missing_ok=True)
        os.link(path, _previous(path))
    except OSError:
        pass
