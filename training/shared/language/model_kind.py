"""What the shared steps (export, goldens, card) must know about a language model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import onnx
import torch
from torch import nn

from .transformer import Size


@dataclass(frozen=True)
class LanguageModel:
    """One of the language models; everything else about it stands in its manifest."""

    id: str
    recipe: str
    """Folder below training/, and the command's name."""
    title: str
    description: str
    """The network in a few sentences, for the card."""
    role: str
    """What the course uses it for, one sentence for the card."""
    task: str
    """The manifest's word: masked-language-model, language-model or text-classification."""
    build: Callable[[Size], nn.Module]
    build_graph: Callable[[dict[str, torch.Tensor], Size], onnx.ModelProto]
    has_mask: bool
    """Whether it takes attention_mask beside input_ids."""
    head_macs: Callable[[Size, int], int]
    """Multiplications of the head for a text of so many pieces."""
    trained_on: str
    start: str = "[CLS]"
    """Special piece before each text."""
    end: str | None = "[SEP]"
    """Special piece after each text; None where the network itself goes on."""
    labels: tuple[str, ...] = ()
    """Of a classifier, in output order."""
    sentences: tuple[str, ...] = field(default=())
    """Inputs of the golden answers; [MASK] may stand in them."""
    licence: str = "CC-BY-SA-4.0"
    """The one that all bundled weights have."""

    @property
    def command(self) -> str:
        """Such as "python -m training.bert"."""
        return f"python -m training.{self.recipe}"
