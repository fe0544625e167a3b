"""
A recipe's state on disk. Life cycle: written beside the old file, then moved over it, so that a full disk or a
stopped machine leaves the last good checkpoint; read back when the same recipe starts again in the same folder.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import torch

from .errors import RecipeError


def save_checkpoint(path: Path, state: dict[str, Any]) -> bool:
    """Replaces `path` by `state`; on failure says so, keeps the old file and returns False, so that training goes on."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".unfinished")
    try:
        torch.save(state, unfinished)
        with open(unfinished, "rb+") as file:
            os.fsync(file.fileno())
        os.replace(unfinished, path)
        return True
    except (OSError, RuntimeError) as error:
        unfinished.unlink(missing_ok=True)
        print(f"checkpoint not written, the one before is kept: {error}", flush=True)
        return False


def read_checkpoint(path: Path) -> dict[str, Any]:
    """The state saved in `path`; a truncated or foreign file becomes a RecipeError."""
    if not path.exists():
        raise RecipeError(f"There is no checkpoint {path}. Train first, or give the right folder with --run.")
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # torch raises half a dozen kinds for a damaged file
        raise RecipeError(
            f"{path} is damaged or cut short ({type(error).__name__}). Delete it to start again, or put a whole one there."
        ) from error
    if not isinstance(state, dict) or "model" not in state:
        raise RecipeError(f"{path} is not a checkpoint of these recipes: it has no entry 'model'.")
    return state
