"""Twenty steps of fine-tuning of the committed network by PyTorch in double precision: the loss curve."""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F

from ..resnet.model import RESNET
from ..shared.files import sha256_of
from ..shared.vision.augment import normalise
from ..shared.vision.golden import make_noise
from ..shared.vision.graph import load_network
from .whole import MODEL

STEPS = 20
# No ReLU of these twenty steps has an input so near 0 that float32 turns it the other way: then two right curves part (by 1e-4 of the first loss)
SEEDS = tuple(range(31, 39))
LABELS = (3, 3, 200, 200, 411, 411, 17, 17)
DECAY = 0.05
CASES = (
    {"name": "all weights, stored statistics", "optimizer": "adamw", "rate": 1e-4, "batchStatistics": False, "below": ""},
    {"name": "last stage, stored statistics", "optimizer": "sgd", "rate": 1e-3, "batchStatistics": False, "below": "layer4"},
    {"name": "all weights, batch statistics", "optimizer": "sgd", "rate": 1e-3, "batchStatistics": True, "below": ""},
)


def fine_tunings() -> list[dict[str, Any]]:
    """One batch of noise again and again, so that the order of examples does not matter."""
    pixels = normalise(torch.stack([torch.as_tensor(make_noise(seed)) for seed in SEEDS])).double()
    labels = torch.tensor(LABELS)
    answers = []
    for case in CASES:
        network = load_network(RESNET, MODEL).double().train(case["batchStatistics"])
        named = list(network.named_parameters())
        first = next((at for at, (name, _) in enumerate(named) if name.startswith(case["below"])), 0)
        trained = dict(named[first:])
        groups = [
            {"params": [one for one in trained.values() if one.dim() > 1], "weight_decay": DECAY},
            {"params": [one for one in trained.values() if one.dim() == 1], "weight_decay": 0.0},
        ]
        kind = torch.optim.AdamW if case["optimizer"] == "adamw" else torch.optim.SGD
        extra = {} if case["optimizer"] == "adamw" else {"momentum": 0.9}
        optimizer = kind(groups, lr=case["rate"], **extra)
        losses = []
        for _ in range(STEPS):
            optimizer.zero_grad()
            loss = F.cross_entropy(network(pixels), labels)
            loss.backward()
            optimizer.step()
            losses.append(float(loss.detach()))
        answers.append(
            {
                "name": case["name"],
                "model": {"sha256": sha256_of(MODEL)},
                "optimizer": case["optimizer"],
                "rate": case["rate"],
                "weightDecay": DECAY,
                "batchStatistics": case["batchStatistics"],
                "noiseSeeds": list(SEEDS),
                "labels": list(LABELS),
                "trained": list(trained),
                "losses": losses,
            }
        )
    return answers
