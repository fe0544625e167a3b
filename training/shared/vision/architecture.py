"""A kind of picture network as the shared code sees it, and the parameterless layers that give every value of a graph a name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import nn


@dataclass(frozen=True)
class Architecture:
    """
    One folder of training/: what differs between ResNet, VGG and Inception.

    `build(classes)` gives a network float32 [n, 3, 64, 64] → logits [n, classes] whose module paths are the names of the
    exported graph, whose last module is called `head`, and whose `features` method gives what the head sees. Every step of
    its forward pass must be a module (Add, Concat and GlobalAveragePool below), as the graph is drawn from those.
    """

    id: str
    """Folder below training/ and beginning of the models' ids."""
    name: str
    """As the titles write it."""
    description: str
    """Layers in one sentence or two, for the card."""
    build: Callable[[int], nn.Module]
    golden_seed: int = 5
    """Seed of the noise picture among the golden answers: one whose two best classes are not nearly tied."""


class Add(nn.Module):
    """Sum of two values of one shape."""

    def forward(self, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        return x + y


class Concat(nn.Module):
    """Values [n, c_i, h, w] side by side: [n, Σ c_i, h, w]."""

    def forward(self, *parts: torch.Tensor) -> torch.Tensor:
        return torch.cat(parts, 1)


class GlobalAveragePool(nn.Module):
    """[n, c, h, w] → [n, c, 1, 1]."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x.mean((2, 3), keepdim=True)


def initialise(network: nn.Module) -> None:
    """He initialisation of the convolutions (He et al. 2015), a nearly silent head."""
    for module in network.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
        elif isinstance(module, nn.Linear):
            nn.init.normal_(module.weight, std=0.01)
            nn.init.zeros_(module.bias)


def build_random(architecture: Architecture, classes: int, seed: int = 0) -> nn.Module:
    """The network from a seed, trained on nothing; the global generator is left as it was."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return architecture.build(classes)
