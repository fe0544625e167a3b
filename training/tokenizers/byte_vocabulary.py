"""A small vocabulary of byte pairs, learnt from the course's own chapters: GPT-2's own may stand beside the checkout, and does not belong into it."""

from __future__ import annotations

import json
from pathlib import Path

from tokenizers import AddedToken, Tokenizer, decoders, pre_tokenizers
from tokenizers.models import BPE
from tokenizers.trainers import BpeTrainer

from ..shared.files import ROOT

FOLDER = ROOT / "tests" / "fixtures" / "tokenizers"
SIZE = 2000
END = "<|endoftext|>"


def write_vocabulary(folder: Path = FOLDER) -> Path:
    """Trains and writes vocab.json and merges.txt, a piece a line."""
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = with_byte_level(Tokenizer(BPE()))
    trainer = BpeTrainer(vocab_size=SIZE, special_tokens=[END], initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()), show_progress=False)
    tokenizer.train([str(path) for path in sorted((ROOT / "content" / "course").glob("*/index.mdx"))], trainer)
    model = json.loads(tokenizer.to_str())["model"]
    pieces = sorted(model["vocab"], key=model["vocab"].__getitem__)
    (folder / "vocab.json").write_text("{\n" + ",\n".join(f"{json.dumps(piece, ensure_ascii=False)}: {id}" for id, piece in enumerate(pieces)) + "\n}\n", encoding="utf8")
    (folder / "merges.txt").write_text("#version: 0.2\n" + "".join(f"{left} {right}\n" for left, right in model["merges"]), encoding="utf8")
    return folder


def load_byte_bpe(vocabulary: Path = FOLDER / "vocab.json", merges: Path = FOLDER / "merges.txt") -> Tokenizer:
    """GPT-2's tokenizer with these files: no space put before a text, and offsets that take in the space before a word."""
    tokenizer = with_byte_level(Tokenizer(BPE.from_file(str(vocabulary), str(merges))))
    tokenizer.add_special_tokens([AddedToken(END, special=True)])
    return tokenizer


def with_byte_level(tokenizer: Tokenizer) -> Tokenizer:
    """The tokenizer with GPT-2's pre-tokenizer and decoder."""
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, trim_offsets=False)
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer
