"""What the checks of the language recipes need beside the others' packages, and a folder of texts for them."""

import importlib.util
import lzma
import unittest
from pathlib import Path

from .needs import missing, needs_python_packages

missing_language = missing or [name for name in ("tokenizers",) if importlib.util.find_spec(name) is None]


def needs_language_packages(test):
    """Skips a test where the language recipes' packages are not installed."""
    if missing:
        return needs_python_packages(test)
    return unittest.skipIf(missing_language, "tokenizers not installed: pip install -r training/requirements.txt")(test)


def make_texts(shared: Path, reviews: list[str]) -> None:
    """A data folder with these reviews and a little fiction, built like ../shared."""
    folder = shared / "data" / "text"
    folder.mkdir(parents=True)
    (folder / "imdb-reviews.txt.xz").write_bytes(lzma.compress("\n".join(reviews).encode()))
    (folder / "gutenberg-fiction.txt.xz").write_bytes(lzma.compress("Once upon\na _time_.\n\nThe end.\n\n".encode() * 300))
