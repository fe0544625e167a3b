"""Plain stacks of 3×3 convolutions, a max-pool after each (Simonyan and Zisserman 2014, configuration A) with BatchNorm; small input."""

from __future__ import annotations

from collections import OrderedDict

import torch
from torch import nn

from ..shared.vision.architecture import Architecture, GlobalAveragePool, initialise

STAGES = ((16,), (32,), (64, 64), (128, 128), (256, 256))
"""Channels of the convolutions in each stage: configuration A with a quarter of its channels, and half of that in the last stage."""


def build_stage(inputs: int, widths: tuple[int, ...], has_pool: bool) -> nn.Sequential:
    """Convolutions conv1, conv2 … with BatchNorm and ReLU, then a pool: float32 [n, inputs, h, w] → [n, widths[-1], h / 2, w / 2]."""
    layers: OrderedDict[str, nn.Module] = OrderedDict()
    for number, width in enumerate(widths, 1):
        layers[f"conv{number}"] = nn.Conv2d(inputs, width, 3, 1, 1, bias=False)
        layers[f"bn{number}"] = nn.BatchNorm2d(width)
        layers[f"relu{number}"] = nn.ReLU()
        inputs = width
    if has_pool:
        layers["pool"] = nn.MaxPool2d(2)
    return nn.Sequential(layers)


class Vgg(nn.Module):
    """float32 [n, 3, 64, 64] → logits [n, classes]; smaller sides work too. One linear head stands in for VGG's three."""

    def __init__(self, classes: int) -> None:
        super().__init__()
        inputs = 3
        for number, widths in enumerate(STAGES, 1):
            self.add_module(f"stage{number}", build_stage(inputs, widths, number < len(STAGES)))
            inputs = widths[-1]
        self.pool = GlobalAveragePool()
        self.flatten = nn.Flatten()
        self.head = nn.Linear(inputs, classes)
        initialise(self)

    def features(self, x: torch.Tensor) -> torch.Tensor:
        """What the head sees: float32 [n, 256]."""
        x = self.stage5(self.stage4(self.stage3(self.stage2(self.stage1(x)))))
        return self.flatten(self.pool(x))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.head(self.features(x))


VGG = Architecture(
    id="vgg",
    name="VGG-style network",
    description="Five stages of plain 3×3 convolutions (one, one, two, two and two, as in configuration A of Simonyan and Zisserman 2014) with\n"
    "16, 32, 64, 128 and 256 channels, BatchNorm and ReLU after each and a max-pool between stages, then global average pooling and one\n"
    "linear head. There are no shortcuts and no branches.",
    build=Vgg,
)
