"""Reviews, fiction and labelled sentences as plain text, with the split that all language recipes share."""

from __future__ import annotations

import gzip
import hashlib
import lzma
import re
from dataclasses import dataclass
from pathlib import Path

from ..errors import RecipeError

# The reviews stand film by film, so what is held out are runs of lines; the lines around each run go unused, lest a
# film stand on both sides.
RUN_EVERY, RUN_START, RUN_LENGTH, RUN_MARGIN = 2500, 1200, 50, 30
FICTION_WORDS = 250  # paragraphs are joined until they hold this many words, which makes one text


@dataclass
class Reviews:
    """Film reviews, one text each."""

    train: list[str]
    held_out: list[str]


@dataclass
class Sentences:
    """Labelled sentences: label 1 is positive, 0 negative."""

    texts: list[str]
    labels: list[int]

    def __len__(self) -> int:
        return len(self.labels)


def read_reviews(shared: Path) -> Reviews:
    """The reviews, split; texts that also stand among the held-out ones (or begin alike) are left out of training."""
    lines = _read_packed(shared / "data" / "text" / "imdb-reviews.txt.xz").splitlines()
    held_out, others = [], []
    for place, line in enumerate(lines):
        from_run = place % RUN_EVERY - RUN_START
        if 0 <= from_run < RUN_LENGTH:
            held_out.append(line)
        elif not -RUN_MARGIN <= from_run < RUN_LENGTH + RUN_MARGIN:
            others.append(line)
    kept_out = list({_fingerprint(line): line for line in held_out if line.strip()}.values())
    known = {_fingerprint(line) for line in kept_out}
    train = {}
    for line in others:
        mark = _fingerprint(line)
        if line.strip() and mark not in known:
            train.setdefault(mark, line)
    if not train or not kept_out:
        raise RecipeError(f"{shared / 'data' / 'text'} holds only {len(lines)} reviews; {RUN_START + RUN_LENGTH} or more were expected, one a line.")
    return Reviews(list(train.values()), kept_out)


def read_fiction(shared: Path) -> list[str]:
    """Public-domain fiction in texts of some 250 words, its hard line breaks and underscores removed."""
    whole = _read_packed(shared / "data" / "text" / "gutenberg-fiction.txt.xz").replace("_", "")
    texts, open_text, words = [], [], 0
    for paragraph in re.split(r"\n\s*\n", whole):
        flat = " ".join(paragraph.split())
        open_text.append(flat)
        words += flat.count(" ") + 1
        if words >= FICTION_WORDS:
            texts.append(" ".join(open_text).strip())
            open_text, words = [], 0
    return [text for text in texts if text]


def read_sentences(shared: Path, part: str) -> Sentences:
    """SST-2's "train" or "dev" with its tokens joined again, as people write them."""
    folder = shared / "data" / "sst2"
    path = folder / ("train.tsv.gz" if part == "train" else f"{part}.tsv")
    try:
        data = path.read_bytes()
        rows = (gzip.decompress(data) if path.suffix == ".gz" else data).decode().splitlines()
    except FileNotFoundError:
        raise RecipeError(_missing(path)) from None
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise RecipeError(f"{path} is damaged or cut short ({error}).") from error
    header = rows[0].split("\t") if rows else []
    text_column = next((header.index(name) for name in ("sentence", "content") if name in header), None)
    if "label" not in header or text_column is None:
        raise RecipeError(f"{path} should begin with a header that names the columns label and sentence (or content), but begins with {header[:4]}.")
    label_column = header.index("label")
    texts, labels = [], []
    for number, row in enumerate(rows[1:], 2):
        cells = row.split("\t")
        if len(cells) != len(header) or cells[label_column] not in ("0", "1"):
            raise RecipeError(f"{path}, line {number}: a label 0 or 1 and a sentence were expected, {row[:60]!r} came.")
        texts.append(join_tokens(cells[text_column]))
        labels.append(int(cells[label_column]))
    return Sentences(texts, labels)


def join_tokens(text: str) -> str:
    """Undoes the tree bank's splitting where word pieces would notice it: "do n't" → "don't", "-lrb-" → "("."""
    for split, whole in ((" n't", "n't"), ("-lrb-", "("), ("-rrb-", ")"), ("``", '"'), ("''", '"')):
        text = text.replace(split, whole)
    return text.strip()


def _read_packed(path: Path) -> str:
    try:
        return lzma.decompress(path.read_bytes()).decode()
    except FileNotFoundError:
        raise RecipeError(_missing(path)) from None
    except (OSError, lzma.LZMAError, UnicodeDecodeError) as error:
        raise RecipeError(f"{path} is damaged or cut short ({error}).") from error


def _missing(path: Path) -> str:
    return f"{path} is missing. Give the folder that holds data/{path.parent.name} with --shared or THAW_SHARED."


def _fingerprint(text: str) -> bytes:
    letters = re.sub(r"[^a-z0-9]+", "", text[:240].lower())[:120]
    return hashlib.blake2b(letters.encode(), digest_size=8).digest()
