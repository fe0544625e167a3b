"""Remakes what `src/text` and its tests take from the tokenizers library.

    python -m training.tokenizers tables            src/text/unicode/tables.ts
    python -m training.tokenizers vocabulary        tests/fixtures/tokenizers/{vocab.json,merges.txt}; made once, goldens know pieces by number
    python -m training.tokenizers golden [name]     tests/golden/tokenizer-<name>.json
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from ..shared.errors import RecipeError
from .byte_vocabulary import write_vocabulary
from .golden import NAMES, write_golden
from .unicode_tables import write_tables


def main() -> None:
    """Runs one of the three steps; a RecipeError ends it with one line and exit code 2."""
    parser = argparse.ArgumentParser(prog="python -m training.tokenizers", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("step", choices=("tables", "vocabulary", "golden"))
    parser.add_argument("name", nargs="?", choices=NAMES, help="one golden file; all of them unless given")
    arguments = parser.parse_args()
    try:
        for path in run(arguments.step, arguments.name):
            print(path)
    except RecipeError as error:
        print(f"error: {error}", file=sys.stderr)
        raise SystemExit(2) from None


def run(step: str, name: str | None) -> Iterator[Path]:
    """The files that the step wrote."""
    if step == "tables":
        yield write_tables()
    elif step == "vocabulary":
        yield write_vocabulary()
    else:
        for one in [name] if name else NAMES:
            yield write_golden(one)


main()
