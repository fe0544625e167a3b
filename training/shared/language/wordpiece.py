"""
The course's word pieces (Schuster and Nakajima 2012; Wu et al. 2016): lower-cased text, split at spaces and punctuation
as BERT does (Devlin et al. 2018), each word then covered by the longest pieces of the vocabulary from its left end.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tokenizers import Tokenizer, normalizers, pre_tokenizers
from tokenizers.models import WordPiece
from tokenizers.trainers import WordPieceTrainer

from ..errors import RecipeError
from ..files import ROOT

PAD, UNK, CLS, SEP, MASK = range(5)
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
VOCABULARY_SIZE = 8000
ALPHABET_SIZE = 100  # characters that stand alone; the rest of the text's characters are too rare and become [UNK]
LONGEST_WORD = 100  # letters; longer words become [UNK], as in BERT
# The one copy that all three language models read.
VOCABULARY_FILE = ROOT / "public" / "models" / "bert-mini" / "vocab.txt"


def train_vocabulary(texts: Iterable[str], size: int = VOCABULARY_SIZE) -> list[str]:
    """Pieces learnt from `texts`: the special ones first, then characters, then the others, each group in the order of its letters."""
    tokenizer = _prepare(WordPiece(unk_token="[UNK]", max_input_chars_per_word=LONGEST_WORD))
    trainer = WordPieceTrainer(
        vocab_size=size, special_tokens=list(SPECIAL), limit_alphabet=ALPHABET_SIZE, min_frequency=2, show_progress=False
    )
    tokenizer.train_from_iterator(texts, trainer)
    pieces = [piece for piece in tokenizer.get_vocab() if piece not in SPECIAL]
    return [*SPECIAL, *sorted(pieces, key=lambda piece: (len(piece.removeprefix("##")) > 1, piece.startswith("##"), piece))]


def load_tokenizer(path: Path = VOCABULARY_FILE) -> Tokenizer:
    """A tokenizer whose `encode(text).ids` are the pieces alone, without [CLS] and [SEP]."""
    try:
        pieces = path.read_text().splitlines()
    except FileNotFoundError:
        raise RecipeError(f"There is no vocabulary {path}. Make it with: python -m training.bert vocabulary") from None
    if tuple(pieces[: len(SPECIAL)]) != SPECIAL or len(set(pieces)) != len(pieces):
        raise RecipeError(f"{path} is not a vocabulary of these recipes: it should begin with {', '.join(SPECIAL)} and name each piece once.")
    ids = {piece: place for place, piece in enumerate(pieces)}
    return _prepare(WordPiece(ids, unk_token="[UNK]", max_input_chars_per_word=LONGEST_WORD))


def encode_with_holes(tokenizer: Tokenizer, text: str) -> list[str]:
    """The pieces of a text in which "[MASK]" may stand; the text around each is split by itself."""
    pieces: list[str] = []
    for place, part in enumerate(text.split("[MASK]")):
        pieces += ["[MASK]"] if place else []
        pieces += tokenizer.encode(part, add_special_tokens=False).tokens
    return pieces


def _prepare(model: WordPiece) -> Tokenizer:
    tokenizer = Tokenizer(model)
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return tokenizer
