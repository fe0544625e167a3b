"""Lets the network write."""

from __future__ import annotations

from collections.abc import Callable

import torch
from tokenizers import Tokenizer

from ..shared.language.wordpiece import SEP, SPECIAL

PROMPTS = ("this movie", "the acting was", "i would not", "the old man looked")
TEMPERATURE, TOP_K, LENGTH = 0.8, 40, 48


def write_samples(network: Callable, tokenizer: Tokenizer, longest: int, length: int = LENGTH) -> list[dict]:
    """One continuation of each prompt, seeds 0, 1, …, in the form in which the log keeps them."""
    rows = []
    for seed, prompt in enumerate(PROMPTS):
        text = write_on(network, tokenizer, prompt, seed, min(length, longest - 16))
        rows.append({"prompt": prompt, "text": text, "temperature": TEMPERATURE, "topK": TOP_K, "seed": seed})
    return rows


def write_on(network: Callable, tokenizer: Tokenizer, prompt: str, seed: int, length: int) -> str:
    """Up to `length` pieces after the prompt, each drawn from the best TOP_K by softmax at TEMPERATURE; ends before a [SEP]."""
    generator = torch.Generator().manual_seed(seed)
    ids = [SEP, *tokenizer.encode(prompt, add_special_tokens=False).ids]
    begun = len(ids)
    while len(ids) < begun + length:
        logits = network(torch.tensor([ids]))[0, -1].float()
        # no text holds the other special pieces, nor may a sample
        logits[[place for place in range(len(SPECIAL)) if place != SEP]] = -torch.inf
        best = logits.topk(min(TOP_K, len(logits) - len(SPECIAL)))
        chosen = int(best.indices[torch.multinomial((best.values / TEMPERATURE).softmax(0), 1, generator=generator)])
        if chosen == SEP:
            break
        ids.append(chosen)
    return join_pieces([tokenizer.id_to_token(piece) for piece in ids[begun:]])


def join_pieces(pieces: list[str]) -> str:
    """Pieces as readable text: "##" joins, and marks stand where people put them."""
    text = " ".join(pieces).replace(" ##", "")
    for mark in (".", ",", "!", "?", ";", ":", ")", "'"):
        text = text.replace(f" {mark}", mark)
    return text.replace("( ", "(").replace("' ", "'")
