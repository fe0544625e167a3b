"""The residual network (He et al. 2015, small input): parameter names are the names that the ONNX file and the site use."""

from __future__ import annotations

from collections import OrderedDict

import torch
from torch import nn

from ..shared.vision.architecture import Add, Architecture, GlobalAveragePool, initialise

WIDTHS = (32, 64, 128, 256)


class BasicBlock(nn.Module):
    """Two 3×3 convolutions and a shortcut: float32 [n, c_in, h, w] → [n, c_out, h / stride, w / stride]."""

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.relu1 = nn.ReLU()
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.downsample: nn.Sequential | None = None
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))
        self.add = Add()
        self.relu2 = nn.ReLU()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = self.relu1(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        return self.relu2(self.add(y, x if self.downsample is None else self.downsample(x)))


class ResNet(nn.Module):
    """float32 [n, 3, 64, 64] → logits [n, classes]; smaller sides work too, which the recipe uses to begin fast."""

    def __init__(self, classes: int) -> None:
        super().__init__()
        first = WIDTHS[0]
        self.stem = nn.Sequential(
            OrderedDict(
                conv=nn.Conv2d(3, first, 3, 2, 1, bias=False),
                bn=nn.BatchNorm2d(first),
                relu=nn.ReLU(),
                pool=nn.MaxPool2d(3, 2, 1),
            )
        )
        inputs = first
        for stage, width in enumerate(WIDTHS, 1):
            blocks = nn.Sequential(BasicBlock(inputs, width, 1 if stage == 1 else 2), BasicBlock(width, width, 1))
            self.add_module(f"layer{stage}", blocks)
            inputs = width
        self.pool = GlobalAveragePool()
        self.flatten = nn.Flatten()
        self.head = nn.Linear(inputs, classes)
        initialise(self)

    def features(self, x: torch.Tensor) -> torch.Tensor:
        """What the head sees: float32 [n, 256]."""
        x = self.layer4(self.layer3(self.layer2(self.layer1(self.stem(x)))))
        return self.flatten(self.pool(x))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.head(self.features(x))


RESNET = Architecture(
    id="resnet",
    name="ResNet",
    description="A 3×3 convolution with stride 2 and a max-pool, then four stages of two basic blocks (He et al. 2015) with 32, 64, 128 and\n"
    "256 channels, global average pooling and one linear head.",
    build=ResNet,
)
