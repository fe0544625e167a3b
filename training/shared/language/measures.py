"""The table of measured numbers that evaluate prints and the manifest keeps."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

from ..errors import RecipeError
from ..files import write_json


@dataclass
class Measures:
    """Rows for a manifest, printed as they come."""

    command: str
    rows: list[dict] = field(default_factory=list)

    def note(self, name: str, value: float, unit: str, split: str, command: str | None = None) -> None:
        """One measured number and what it was measured on."""
        self.rows.append({"name": name, "value": round(value, 2), "unit": unit, "split": split, "command": command or self.command})
        print(f"{name:<66} {value:8.2f} {unit:<8} {split}", flush=True)

    def write(self, folder: Path) -> None:
        """Puts the rows into the folder's manifest."""
        manifest = read_manifest(folder)
        manifest["measured"] = self.rows
        write_json(folder / "manifest.json", manifest)


def read_manifest(folder: Path) -> dict:
    """The manifest of an exported model."""
    try:
        return json.loads((folder / "manifest.json").read_text())
    except (OSError, ValueError) as error:
        raise RecipeError(f"{folder / 'manifest.json'} could not be read ({error}). Export the model first.") from error
