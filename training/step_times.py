"""
What a training step takes in PyTorch, for `npm run bench -- training`: python -m training.step_times resnet|bert model.onnx

Takes one AdamW step over the whole network, on one thread, for every line that it reads, and answers with a line of JSON:
{"ms": …, "loss": …}. Weights come from the file that the browser trains, and inputs from the same formulas as there, so the
losses tell whether both do the same.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from torch import nn

from .bert.model import Encoder
from .resnet.model import ResNet
from .shared.language.transformer import Size
from .shared.onnx_graph import read_weights

BATCH, CLASSES, PIECES = 16, 5, 64


class Classifier(Encoder):
    """The encoder with one linear layer over the first piece: int64 [N, T] → logits float32 [N, classes]."""

    def __init__(self) -> None:
        super().__init__(Size())
        self.classifier = nn.Linear(Size().width, CLASSES)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        return self.classifier(self.encode(ids, torch.ones_like(ids))[:, 0])


def waves() -> torch.Tensor:
    """float32 [16, 3, 64, 64], as bench/training-page.js makes them."""
    values = 1.5 * np.sin(np.arange(BATCH * 3 * 64 * 64, dtype=np.float64) * 0.37)
    return torch.from_numpy(values.astype(np.float32)).view(BATCH, 3, 64, 64)


def pieces() -> torch.Tensor:
    """int64 [16, 64], likewise."""
    return 5 + (torch.arange(BATCH * PIECES) * 7919 % 7990).view(BATCH, PIECES)


def steps(kind: str, path: str) -> Iterator[tuple[float, float]]:
    """Milliseconds and loss of one step after the other."""
    network, inputs = (ResNet(CLASSES), waves()) if kind == "resnet" else (Classifier(), pieces())
    weights = {name: torch.from_numpy(np.array(value)) for name, value in read_weights(onnx.load(path)).items()}
    missing, _ = network.load_state_dict(weights, strict=False)
    lacking = [name for name in missing if not name.endswith("num_batches_tracked")]
    if lacking:
        raise SystemExit(f"{path} lacks {', '.join(lacking)}")
    network.eval()  # norms take the stored statistics, as the browser's do
    optimizer = torch.optim.AdamW(network.parameters(), lr=1e-4, weight_decay=0.01)
    labels = torch.arange(BATCH) % CLASSES
    while True:
        started = time.perf_counter()
        optimizer.zero_grad()
        loss = F.cross_entropy(network(inputs), labels)
        loss.backward()
        optimizer.step()
        value = float(loss.detach())
        yield (time.perf_counter() - started) * 1000, value


if __name__ == "__main__":
    torch.set_num_threads(1)
    running = steps(sys.argv[1], sys.argv[2])
    for _ in sys.stdin:
        ms, loss = next(running)
        print(json.dumps({"ms": ms, "loss": loss}), flush=True)
