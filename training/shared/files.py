"""The repository's folders, and the JSON that recipes leave in them."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
"""The checkout that holds training/."""


def shared_folder(given: str | None = None) -> Path:
    """The data folder beside the checkout: the one given, else THAW_SHARED, else ../shared."""
    return Path(given or os.environ.get("THAW_SHARED") or ROOT.parent / "shared")


def sha256_of(path: Path) -> str:
    """Checksum of a file in lower-case hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def describe_file(path: Path) -> dict:
    """Name, size and checksum of a file in a model's folder, as manifests list them."""
    return {"path": path.name, "sizeBytes": path.stat().st_size, "sha256": sha256_of(path)}


def commit_of_checkout() -> str:
    """Short hash of the commit that the recipe ran on, or "unknown" outside a git checkout."""
    try:
        done = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True)
        return done.stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def write_json(path: Path, value: object) -> None:
    """Writes tab-indented JSON, innermost arrays and objects of plain values on one line; the old file stays until the new one is whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.unfinished")
    try:
        unfinished.write_text(_format(value, "") + "\n")
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)


def _format(value: object, indent: str) -> str:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else ()
    one_line = json.dumps(value, ensure_ascii=False)
    if not inner or (len(one_line) < 160 and not any(isinstance(item, (dict, list)) and item for item in inner)):
        return one_line
    deeper = indent + "\t"
    if isinstance(value, dict):
        lines = [f"{deeper}{json.dumps(key)}: {_format(item, deeper)}" for key, item in value.items()]
        return "{\n" + ",\n".join(lines) + f"\n{indent}}}"
    lines = [f"{deeper}{_format(item, deeper)}" for item in value]
    return "[\n" + ",\n".join(lines) + f"\n{indent}]"
