"""`tests/golden/tensor-bench.json`: every snippet and every lesson of the tensor bench, executed by PyTorch and NumPy."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy
import torch

from ..shared.errors import RecipeError
from ..shared.files import ROOT, write_json
from .execute import new_namespace, run_cell

SNIPPETS = Path(__file__).parent / "snippets"
LESSONS = ROOT / "src" / "labs" / "tensor-bench" / "lessons.json"
TARGET = ROOT / "tests" / "golden" / "tensor-bench.json"
MARK = "# %%\n"
"""Stands above every snippet of a file."""


def versions() -> dict[str, str]:
    """What the answers depend on."""
    return {"python": ".".join(map(str, sys.version_info[:2])), "torch": torch.__version__.split("+")[0], "numpy": numpy.__version__}


def read_snippets() -> dict[str, list[str]]:
    """The snippets of each topic. Raises a RecipeError for a file that does not begin with the mark."""
    topics = {}
    for path in sorted(SNIPPETS.glob("*.txt")):
        before, *snippets = path.read_text(encoding="utf8").split(MARK)
        if before:
            raise RecipeError(f"{path} must begin with {MARK.strip()!r}, and has it above every snippet.")
        topics[path.stem] = [snippet.rstrip("\n") for snippet in snippets]
    return topics


def read_lessons() -> dict[str, list[str]]:
    """The cells of each lesson, in order."""
    return {lesson["id"]: ["\n".join(cell) for cell in lesson["cells"]] for lesson in json.loads(LESSONS.read_text(encoding="utf8"))}


def make_golden() -> dict[str, Any]:
    """Every answer: a snippet runs in a notebook of its own, the cells of a lesson share one."""
    return {
        "made": {"script": "python -m training.tensor_bench", **versions()},
        "snippets": {topic: [run_cell(code, new_namespace()) for code in snippets] for topic, snippets in read_snippets().items()},
        "lessons": {lesson: run_lesson(cells) for lesson, cells in read_lessons().items()},
    }


def run_lesson(cells: list[str]) -> list[dict[str, Any]]:
    """The cells of a lesson, one after the other in the same notebook."""
    names = new_namespace()
    return [run_cell(code, names) for code in cells]


def write_golden(target: Path = TARGET) -> Path:
    """Writes the answers."""
    write_json(target, make_golden())
    return target
