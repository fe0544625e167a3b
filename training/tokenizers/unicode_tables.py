"""Unicode's classes as the tokenizers library sees them: `src/text/unicode/tables.ts`.

The library carries tables of several ages: it strips the marks and splits at the punctuation of Unicode 8, decomposes by Unicode 9, and lower-cases and
finds letters by much newer ones. Browsers differ in theirs, too. So each character is put to the library, and its answers are written down.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

import tokenizers
from tokenizers import normalizers, pre_tokenizers

from ..shared.errors import RecipeError
from ..shared.files import ROOT

TARGET = ROOT / "src" / "text" / "unicode" / "tables.ts"
LAST = 0x10FFFF
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def write_tables(target: Path = TARGET) -> Path:
    """Writes the tables as a TypeScript module."""
    target.write_text(make_source(), encoding="utf8")
    return target


def make_source() -> str:
    """The module's text."""
    sets = find_sets()
    tables = [
        ("letters", "What GPT-2's pre-tokenizer takes for \\p{L}", pack_set(sets["letter"])),
        ("numbers", "What it takes for \\p{N}", pack_set(sets["number"])),
        ("spaces", "White space, for both tokenizers", pack_set(sets["space"])),
        ("removed", "What BERT cleans away: controls, formats, private use, NUL, the replacement character", pack_set(sets["removed"])),
        ("punctuation", "What BERT splits off", pack_set(sets["punctuation"])),
        ("marks", "The marks that BERT strips as accents", pack_set(sets["mark"])),
        ("ideographs", "What BERT parts as Chinese characters", pack_set(sets["ideograph"])),
        ("decomposable", "What has a canonical decomposition, Hangul syllables among them", pack_set(sets["decomposable"])),
        ("combiningClasses", "Canonical combining classes: gap, characters, class", pack_classes(combining_classes(sets["decomposable"]))),
        ("lowerCase", "Upper-case letters: gap, letters, step, distance to the lower-case one (zigzag)", pack_lower_case(lower_case_pairs())),
    ]
    head = (
        f"// Made by `python -m training.tokenizers tables` from tokenizers {tokenizers.__version__}; docs/decisions/0009-text.md says why.\n"
        "// Sets are runs in base 36: characters outside, characters inside, and so on from U+0000.\n"
    )
    return head + "".join(f"\n/** {comment}. */\nexport const {name} =\n  '{packed}';\n" for name, comment, packed in tables)


def characters() -> Iterator[str]:
    """Every character of Unicode, assigned or not; surrogates are none."""
    for code in range(LAST + 1):
        if not 0xD800 <= code <= 0xDFFF:
            yield chr(code)


def find_sets() -> dict[str, set[int]]:
    """The library's classes, each found by what the library does with a character."""
    names = ("letter", "number", "space", "removed", "punctuation", "mark", "ideograph", "decomposable")
    sets: dict[str, set[int]] = {name: set() for name in names}
    clean, part, strip = bert(clean_text=True), bert(handle_chinese_chars=True), bert(strip_accents=True)
    nfd = normalizers.NFD().normalize_str
    words = pre_tokenizers.BertPreTokenizer()
    runs = pre_tokenizers.ByteLevel(add_prefix_space=False)
    for character in characters():
        code = ord(character)
        around = len(words.pre_tokenize_str(f"a{character}b"))
        found = {
            "removed": clean(character) == "",
            "ideograph": part(character) != character,
            "mark": strip(character) == "",
            "decomposable": nfd(character) != character,
            "punctuation": around == 3,
            "space": around == 2,
        }
        kind = next((name for name, before in (("letter", "a"), ("number", "1"), ("other", "!")) if is_one_run(runs, before + character)), "space")
        if (kind == "space") != found["space"]:
            raise RecipeError(f"U+{code:04X} is white space to one pre-tokenizer of the library and not to the other; the tables keep one set.")
        if kind in sets:
            sets[kind].add(code)
        for name, is_in in found.items():
            if is_in:
                sets[name].add(code)
    return sets


def bert(**on: bool) -> Callable[[str], str]:
    """One step of BERT's normalizer alone."""
    steps = {"clean_text": False, "handle_chinese_chars": False, "strip_accents": False, "lowercase": False, **on}
    return normalizers.BertNormalizer(**steps).normalize_str


def is_one_run(runs: pre_tokenizers.ByteLevel, text: str) -> bool:
    """Whether GPT-2's expression takes the text in one piece."""
    return len(runs.pre_tokenize_str(text)) == 1


def combining_classes(decomposable: set[int]) -> dict[int, int]:
    """Classes other than 0. Python's own table is newer: a character has its class where the library moves it past another mark."""
    nfd = normalizers.NFD().normalize_str
    classes = {}
    for character in characters():
        number = unicodedata.combining(character)
        if not number or ord(character) in decomposable:
            continue
        after, before = f"a\u0345{character}", f"a{character}\u0334"  # classes 240 and 1, the highest and lowest
        if nfd(after) != after or nfd(before) != before:
            classes[ord(character)] = number
    return classes


def lower_case_pairs() -> dict[int, int]:
    """Upper-case letters and their lower-case ones; İ, which becomes two characters, is left to the code."""
    lower = bert(lowercase=True)
    pairs = {ord(character): lower(character) for character in characters() if lower(character) != character}
    longer = {code for code, text in pairs.items() if len(text) != 1}
    if longer != {0x130}:
        raise RecipeError(f"Other letters than U+0130 become several: {sorted(longer)}; src/text/unicode/lower-case.ts knows that one alone.")
    return {code: ord(text) for code, text in pairs.items() if code not in longer}


def pack_set(codes: set[int]) -> str:
    """Runs outside and inside, in turn."""
    numbers, position = [], 0
    for start, end in runs_of(sorted(codes)):
        numbers += [start - position, end - start]
        position = end
    return join(numbers)


def pack_classes(classes: dict[int, int]) -> str:
    """Runs of one class: characters before it, its length, the class."""
    numbers, position = [], 0
    by_class = {number: [code for code in sorted(classes) if classes[code] == number] for number in set(classes.values())}
    for start, end, number in sorted((*run, number) for number, codes in by_class.items() for run in runs_of(codes)):
        numbers += [start - position, end - start, number]
        position = end
    return join(numbers)


def pack_lower_case(pairs: dict[int, int]) -> str:
    """Runs of letters, one or two apart, with one distance."""
    runs: list[list[int]] = []  # first, count, step, distance
    for code, lower in sorted(pairs.items()):
        first, count, step, distance = runs[-1] if runs else (0, 0, 0, 0)
        gap = code - (first + (count - 1) * step)
        if runs and distance == lower - code and (gap == step if count > 1 else gap <= 2):
            runs[-1][1:3] = [count + 1, gap]
        else:
            runs.append([code, 1, 1, lower - code])
    numbers, position = [], 0
    for first, count, step, distance in runs:
        numbers += [first - position, count, step, distance * 2 if distance >= 0 else -distance * 2 - 1]
        position = first
    return join(numbers)


def runs_of(codes: list[int]) -> list[tuple[int, int]]:
    """Runs of neighbours as [start, end)."""
    runs: list[tuple[int, int]] = []
    for code in codes:
        if runs and runs[-1][1] == code:
            runs[-1] = (runs[-1][0], code + 1)
        else:
            runs.append((code, code + 1))
    return runs


def join(numbers: list[int]) -> str:
    """Numbers in base 36 with spaces between."""
    return " ".join(map(base36, numbers))


def base36(number: int) -> str:
    """A number that is not negative, in base 36."""
    digits = ""
    while number >= 36:
        number, digit = divmod(number, 36)
        digits = DIGITS[digit] + digits
    return DIGITS[number] + digits
