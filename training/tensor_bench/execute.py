"""Runs a cell as a notebook would: what is printed, the value of its last line, and the error with its line."""

from __future__ import annotations

import ast
import contextlib
import io
import re
import traceback
import warnings
from typing import Any

import torch

CELL = "<cell>"
"""The file name under which a cell is compiled, by which its lines are known in a traceback."""


def new_namespace() -> dict[str, Any]:
    """The names at the start of a notebook: `torch` alone. Settings of PyTorch are put back to where they begin."""
    torch.set_printoptions(profile="default")
    torch.manual_seed(0)
    torch.set_grad_enabled(True)
    return {"__name__": "__main__", "torch": torch}


def run_cell(code: str, names: dict[str, Any]) -> dict[str, Any]:
    """Output, result (None if the last line is no expression or gives None) and error of one cell."""
    printed = io.StringIO()
    answer: dict[str, Any] = {"code": code, "output": "", "result": None, "error": None}
    with contextlib.redirect_stdout(printed), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            answer["result"] = _run(code, names)
        except Exception as error:
            answer["error"] = describe_error(error)
    answer["output"] = printed.getvalue()
    return answer


def _run(code: str, names: dict[str, Any]) -> str | None:
    tree = ast.parse(code, CELL)
    is_shown = bool(tree.body) and isinstance(tree.body[-1], ast.Expr) and not code.rstrip().endswith(";")
    last = tree.body.pop() if is_shown else None
    exec(compile(tree, CELL, "exec"), names)
    if not isinstance(last, ast.Expr):
        return None
    value = eval(compile(ast.Expression(last.value), CELL, "eval"), names)
    return None if value is None else repr(value)


def describe_error(error: Exception) -> dict[str, Any]:
    """Type, message and line of an error. Of the messages that list every signature only the first clause is kept."""
    if isinstance(error, SyntaxError):
        return {"type": type(error).__name__, "message": error.msg, "line": error.lineno}
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == CELL]
    message = re.split(r", but expected one of:|\n", str(error))[0] if "invalid combination" in str(error) else str(error)
    message = re.sub(r" \(/[^)]*\)$", "", message)
    return {"type": type(error).__name__, "message": message.strip(), "line": lines[-1] if lines else None}
