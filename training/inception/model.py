"""Blocks of parallel branches joined by channel (Szegedy et al. 2014) with BatchNorm; small input."""

from __future__ import annotations

from collections import OrderedDict

import torch
from torch import nn

from ..shared.vision.architecture import Architecture, Concat, GlobalAveragePool, initialise

STEM_WIDTH = 32
WIDTHS = (96, 192, 384)
"""Channels after the blocks of each stage."""


def build_conv(inputs: int, outputs: int, kernel: int, stride: int = 1) -> nn.Sequential:
    """Convolution, BatchNorm, ReLU: float32 [n, inputs, h, w] → [n, outputs, h / stride, w / stride]."""
    layers = OrderedDict(
        conv=nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False),
        bn=nn.BatchNorm2d(outputs),
        relu=nn.ReLU(),
    )
    return nn.Sequential(layers)


class InceptionBlock(nn.Module):
    """
    Four branches and their concatenation: float32 [n, inputs, h, w] → [n, width, h, w].

    The branches' shares of the channels (1/4, 1/2, 1/8, 1/8) and of the 1×1 reductions before 3×3 and 5×5 (3/8, 1/16) are
    those of block 3a in table 1 of the paper.
    """

    def __init__(self, inputs: int, width: int) -> None:
        super().__init__()
        self.branch1x1 = build_conv(inputs, width // 4, 1)
        self.branch3x3 = nn.Sequential(
            OrderedDict(reduce=build_conv(inputs, 3 * width // 8, 1), spread=build_conv(3 * width // 8, width // 2, 3))
        )
        self.branch5x5 = nn.Sequential(
            OrderedDict(reduce=build_conv(inputs, width // 16, 1), spread=build_conv(width // 16, width // 8, 5))
        )
        self.branch_pool = nn.Sequential(OrderedDict(pool=nn.MaxPool2d(3, 1, 1), project=build_conv(inputs, width // 8, 1)))
        self.concat = Concat()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.concat(self.branch1x1(x), self.branch3x3(x), self.branch5x5(x), self.branch_pool(x))


class Inception(nn.Module):
    """float32 [n, 3, 64, 64] → logits [n, classes]; smaller sides work too."""

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.stem = build_conv(3, STEM_WIDTH, 3, 2)
        self.stem.add_module("pool", nn.MaxPool2d(3, 2, 1))
        inputs = STEM_WIDTH
        for number, width in enumerate(WIDTHS, 1):
            stage = nn.Sequential(InceptionBlock(inputs, width), InceptionBlock(width, width))
            if number < len(WIDTHS):
                stage.add_module("pool", nn.MaxPool2d(3, 2, 1))
            self.add_module(f"stage{number}", stage)
            inputs = width
        self.pool = GlobalAveragePool()
        self.flatten = nn.Flatten()
        self.head = nn.Linear(inputs, classes)
        initialise(self)

    def features(self, x: torch.Tensor) -> torch.Tensor:
        """What the head sees: float32 [n, 384]."""
        return self.flatten(self.pool(self.stage3(self.stage2(self.stage1(self.stem(x))))))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.head(self.features(x))


INCEPTION = Architecture(
    id="inception",
    name="Inception-style network",
    description="A 3×3 convolution with stride 2 and a max-pool, then three stages of two blocks with 96, 192 and 384 channels. A block runs 1×1,\n"
    "3×3, 5×5 and pooling branches side by side and joins their channels (Szegedy et al. 2014); 1×1 convolutions make the input of the\n"
    "3×3 and 5×5 branches narrower. Global average pooling and one linear head follow; there are no auxiliary heads.",
    build=Inception,
)
