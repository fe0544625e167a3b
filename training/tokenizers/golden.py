"""What the tokenizers library makes of the lines: `tests/golden/tokenizer-*.json`.

A handful of cases is written out; for the rest a file holds three bytes a line, a checksum of ids, offsets (UTF-16), words, segments and the decoded text.
"""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tokenizers
from tokenizers import Encoding, Tokenizer, decoders, normalizers, pre_tokenizers
from tokenizers.models import WordPiece
from tokenizers.processors import TemplateProcessing

from ..shared.errors import RecipeError
from ..shared.files import ROOT, sha256_of, shared_folder, write_json
from ..shared.language.wordpiece import LONGEST_WORD, SPECIAL, VOCABULARY_FILE
from .byte_vocabulary import FOLDER, load_byte_bpe
from .lines import character_lines, draw_lines, read_source

NAMES = ("bert-mini", "bert-base", "byte-bpe")
REAL_TEXT = ("data/sst2/dev.tsv", "data/sst2/test.tsv")
"""Sentences beside the checkout, of which only checksums are committed."""


@dataclass(frozen=True)
class Way:
    """How a line is encoded and decoded."""

    lower: bool = True
    strip: bool | None = None
    with_next: bool = False
    cut: bool = False
    skip_special: bool = True
    tidy: bool = True


PLAIN = Way()
PAIRS = Way(with_next=True, cut=True, skip_special=False)
WAYS: dict[str, dict[str, Way]] = {
    "bert-mini": {"lines": PLAIN, "pairs": PAIRS, "cased": Way(lower=False, tidy=False), "accents": Way(strip=False), "stripped": Way(lower=False, strip=True)},
    "bert-base": {"lines": PLAIN, "pairs": PAIRS},
    "byte-bpe": {"lines": PLAIN, "cut": Way(cut=True, skip_special=False)},
}


def write_golden(name: str, folder: Path = ROOT / "tests" / "golden") -> Path:
    """Writes one tokenizer's answers."""
    target = folder / f"tokenizer-{name}.json"
    write_json(target, make_golden(name))
    return target


def make_golden(name: str) -> dict[str, Any]:
    """One tokenizer's answers as plain data."""
    lines, characters, source = draw_lines(), character_lines(), read_source()
    plain = load(name, PLAIN)
    return {
        "made": {
            "script": f"python -m training.tokenizers golden {name}",
            "tokenizers": tokenizers.__version__,
            "seed": source["seed"],
            "vocabulary": sha256_of(vocabulary_of(name)),
            "linesChecksum": zlib.crc32("\0".join(lines).encode()),
        },
        "cases": [write_out(plain, text) for text in source["cases"]],
        "checksums": {
            **{way: pack(checksums(load(name, how), lines, how)) for way, how in WAYS[name].items()},
            "characters": pack(checksums(plain, characters, PLAIN)),
        },
        "files": {file: pack(checksums(plain, real_lines(file), PLAIN)) for file in REAL_TEXT},
    }


def vocabulary_of(name: str) -> Path:
    """The file with the pieces."""
    shared = shared_folder() / "data" / "reference" / "bert-base-uncased-vocab.txt"
    path = {"bert-mini": VOCABULARY_FILE, "bert-base": shared, "byte-bpe": FOLDER / "vocab.json"}[name]
    if not path.exists():
        raise RecipeError(f"{path} is missing. The data folder beside the checkout, or where THAW_SHARED says, holds BERT's vocabulary.")
    return path


def load(name: str, way: Way) -> Tokenizer:
    """The library's tokenizer over our files."""
    if name == "byte-bpe":
        return load_byte_bpe()
    pieces = vocabulary_of(name).read_text(encoding="utf8").split("\n")[:-1]
    ids = {piece: number for number, piece in enumerate(pieces)}
    tokenizer = Tokenizer(WordPiece(ids, unk_token="[UNK]", max_input_chars_per_word=LONGEST_WORD))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=way.lower, strip_accents=way.strip)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    frame = [(piece, ids[piece]) for piece in ("[CLS]", "[SEP]")]
    tokenizer.post_processor = TemplateProcessing(single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=frame)
    tokenizer.decoder = decoders.WordPiece(cleanup=way.tidy)
    tokenizer.add_special_tokens(list(SPECIAL))
    return tokenizer


def checksums(tokenizer: Tokenizer, lines: list[str], way: Way) -> Iterable[int]:
    """A checksum a line."""
    for number, line in enumerate(lines):
        other = lines[(number + 1) % len(lines)] if way.with_next else None
        if way.cut:
            tokenizer.enable_truncation(max_length=3 + number * 7 % 60)
        yield checksum(tokenizer, line, other, tokenizer.encode(line, other), way)


def checksum(tokenizer: Tokenizer, first: str, second: str | None, encoding: Encoding, way: Way) -> int:
    """CRC-32 over five int32 a token and the decoded text in UTF-8."""
    numbers = [number for row in rows(first, second, encoding) for number in row]
    decoded = tokenizer.decode(encoding.ids, skip_special_tokens=way.skip_special)
    return zlib.crc32(decoded.encode(), zlib.crc32(struct.pack(f"<{len(numbers)}i", *numbers)))


def rows(first: str, second: str | None, encoding: Encoding) -> Iterable[tuple[int, int, int, int, int]]:
    """Id, start, end, word (-1 for none) and segment of each token."""
    places = [utf16_places(first), utf16_places(second or "")]
    for id, (start, end), word, segment in zip(encoding.ids, encoding.offsets, encoding.word_ids, encoding.type_ids):
        yield id, places[segment](start), places[segment](end), -1 if word is None else word, segment


def utf16_places(text: str) -> Callable[[int], int]:
    """From an index of characters to one of UTF-16 units."""
    places = [0]
    for character in text:
        places.append(places[-1] + (2 if ord(character) > 0xFFFF else 1))
    return places.__getitem__


def write_out(tokenizer: Tokenizer, text: str) -> dict[str, Any]:
    """A case that a reader can follow."""
    encoding = tokenizer.encode(text)
    return {
        "text": text,
        "pieces": encoding.tokens,
        "rows": [list(row) for row in rows(text, None, encoding)],
        "decoded": tokenizer.decode(encoding.ids),
    }


def real_lines(file: str) -> list[str]:
    """The lines of a file beside the checkout."""
    path = shared_folder() / file
    if not path.exists():
        raise RecipeError(f"{path} is missing. Its sentences are part of the goldens; THAW_SHARED says where the data folder is.")
    return path.read_text(encoding="utf8").split("\n")


def pack(numbers: Iterable[int]) -> str:
    """The lowest 24 bits of each, in base 64: four characters a line."""
    return base64.b64encode(b"".join((number & 0xFFFFFF).to_bytes(3, "little") for number in numbers)).decode()
