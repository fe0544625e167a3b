"""Remakes what `src/text` and its tests take from the tokenizers library.

    python -m training.tokenizers tables            src/text/unicode/tables.ts
    python -m training.tokenizers vocabulary        tests/fixtures/tokenizers/{vocab.json,merges.txt}; made once, goldens know pieces by number
    python -m training.tokenizers golden [name]     tests/golden/tokenizer-<name>.json
"""

from __future__ import annotations

import argparse

from .byte_vocabulary import write_vocabulary
from .golden import NAMES, write_golden
from .unicode_tables import write_tables


def main() -> None:
    """Runs one of the three steps."""
    parser = argparse.ArgumentParser(prog="python -m training.tokenizers", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("step", choices=("tables", "vocabulary", "golden"))
    parser.add_argument("name", nargs="?", choices=NAMES, help="one golden file; all of them unless given")
    arguments = parser.parse_args()
    if arguments.step == "tables":
        print(write_tables())
    elif arguments.step == "vocabulary":
        print(write_vocabulary())
    else:
        for name in [arguments.name] if arguments.name else NAMES:
            print(write_golden(name))


main()
