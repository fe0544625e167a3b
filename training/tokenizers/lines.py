"""The lines that both tokenizers read: drawn by a seed from words, characters and awkward cases of our own, `tests/fixtures/tokenizers/lines.json`.

`tests/golden/tokenizer-lines.ts` draws the same ones; the goldens hold a checksum over all of them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import TypeVar

from ..shared.files import ROOT

SOURCE = ROOT / "tests" / "fixtures" / "tokenizers" / "lines.json"
A_LINE = 512  # characters of Unicode that one line of `character_lines` goes through
One = TypeVar("One")


def read_source() -> dict:
    """Seed, number of lines, and what they are drawn from."""
    return json.loads(SOURCE.read_text(encoding="utf8"))


def draw_lines() -> list[str]:
    """Plain sentences, one script at a time, mixtures, and long repetitions, in turn."""
    source = read_source()
    makers = (sentence, one_script, mixture, repetition)
    return [makers[number % 4](Draw(source["seed"] + number), source) for number in range(source["count"])]


def character_lines() -> list[str]:
    """Characters, assigned or not, between letters, before a digit and alone: all of the planes in use, every 61st of the others."""
    characters = [chr(code) for code in range(0x110000) if not 0xD800 <= code <= 0xDFFF and (is_in_use(code) or code % 61 == 0)]
    return ["".join(f"a{one}b {one}1 " for one in characters[start : start + A_LINE]) for start in range(0, len(characters), A_LINE)]


def is_in_use(code: int) -> bool:
    """Whether the character lies where Unicode has more than unassigned and private ones: planes 0 to 3, the start of plane 14."""
    return code < 0x32400 or 0xE0000 <= code < 0xE1000


class Draw:
    """mulberry32, as `tests/fixtures/onnx/random.ts` has it."""

    def __init__(self, seed: int):
        self.state = seed & 0xFFFFFFFF

    def below(self, limit: int) -> int:
        """A whole number from 0 to limit - 1."""
        self.state = (self.state + 0x6D2B79F5) & 0xFFFFFFFF
        mixed = ((self.state ^ (self.state >> 15)) * (self.state | 1)) & 0xFFFFFFFF
        mixed ^= (mixed + ((mixed ^ (mixed >> 7)) * (mixed | 61))) & 0xFFFFFFFF
        return (mixed ^ (mixed >> 14)) * limit >> 32

    def one_of(self, choices: Sequence[One]) -> One:
        """One of them."""
        return choices[self.below(len(choices))]


def sentence(draw: Draw, source: dict) -> str:
    """Words and what stands between them."""
    parts = []
    for _ in range(1 + draw.below(30)):
        word, case = draw.one_of(source["words"]), draw.below(12)
        parts.append(word.upper() if case == 0 else word[:1].upper() + word[1:] if case < 3 else word)
        parts.append(draw.one_of(source["between"]))
    return "".join(parts)


def one_script(draw: Draw, source: dict) -> str:
    """Characters of one range, now and then parted."""
    between = draw.one_of(source["ranges"])
    return repeat(1 + draw.below(40), lambda: draw.one_of(source["between"]) if draw.below(5) == 0 else character(draw, between))


def mixture(draw: Draw, source: dict) -> str:
    """Anything beside anything."""
    return repeat(1 + draw.below(25), lambda: anything(draw, source))


def repetition(draw: Draw, source: dict) -> str:
    """One thing many times over, and something behind it."""
    one = anything(draw, source)
    return one * (1 + draw.below(150)) + mixture(draw, source)


def anything(draw: Draw, source: dict) -> str:
    """An awkward case, a character, a word, or what stands between words."""
    kind = draw.below(8)
    if kind < 3:
        return draw.one_of(source["snippets"])
    if kind < 5:
        return character(draw, draw.one_of(source["ranges"]))
    return draw.one_of(source["words" if kind == 5 else "between"])


def character(draw: Draw, between: Sequence[int]) -> str:
    """A character of a range, both ends included."""
    first, last = between
    return chr(first + draw.below(last - first + 1))


def repeat(times: int, make: Callable[[], str]) -> str:
    """So many draws, joined."""
    return "".join(make() for _ in range(times))
