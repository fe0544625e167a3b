"""Losses with weighted examples, and twenty steps of each optimizer on a small network, by PyTorch in double precision."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from .case import written

STEPS = 20


def _numbers(seed: int, *shape: int) -> torch.Tensor:
    """Normal numbers, rounded to float32."""
    return torch.from_numpy(np.random.default_rng(seed).normal(size=shape).astype(np.float32)).double()


def losses() -> list[dict[str, Any]]:
    """Weighted means: Σ w·ℓ / Σ w over examples that are not ignored."""
    labels = torch.tensor([[1, -100, 0], [3, 2, -100]])
    weights = torch.tensor([[1.0, 1.0, 0.5], [2.0, 0.0, 1.0]], dtype=torch.float64)

    def cross_entropy(smoothing: float, all_weights: torch.Tensor):
        def compute(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
            each = F.cross_entropy(logits.transpose(1, 2), targets, reduction="none", label_smoothing=smoothing)
            counted = all_weights * (targets >= 0)
            return (each * counted).sum() / counted.sum()

        return compute

    def weighted(loss, example_weights: torch.Tensor):
        return lambda output, targets: (loss(output, targets, reduction="none").mean(1) * example_weights).sum() / example_weights.sum()

    even = torch.tensor([1.0, 1.0, 1.0], dtype=torch.float64)
    uneven = torch.tensor([1.0, 0.0, 2.5], dtype=torch.float64)
    numbers, shares = _numbers(2, 3, 4), _numbers(3, 3, 4).sigmoid().float().double()
    return [
        _loss("cross-entropy", "cross-entropy", cross_entropy(0, torch.ones(2, 3).double()), _numbers(1, 2, 3, 4), labels, torch.ones(2, 3)),
        _loss("cross-entropy, smoothed and weighted", "cross-entropy", cross_entropy(0.2, weights), 3 * _numbers(1, 2, 3, 4), labels, weights, 0.2),
        _loss("mean squared error", "mean-squared-error", weighted(F.mse_loss, even), numbers, _numbers(4, 3, 4), even),
        _loss("mean squared error, weighted", "mean-squared-error", weighted(F.mse_loss, uneven), numbers, _numbers(4, 3, 4), uneven),
        _loss("binary", "binary", weighted(F.binary_cross_entropy_with_logits, even), 30 * numbers, shares, even),
        _loss("binary, weighted", "binary", weighted(F.binary_cross_entropy_with_logits, uneven), numbers, shares, uneven),
    ]


def _loss(name: str, kind: str, compute, output: torch.Tensor, targets: torch.Tensor, weights: torch.Tensor, smoothing: float = 0) -> dict[str, Any]:
    output = output.float().double().requires_grad_()
    loss = compute(output, targets)
    loss.backward()
    return {
        "name": name,
        "kind": kind,
        "labelSmoothing": smoothing,
        "dims": list(output.shape),
        "output": written(output.detach()),
        "targets": written(targets),
        "weights": written(weights),
        "loss": float(loss.detach()),
        "gradient": written(output.grad),
    }


class Small(nn.Module):
    """float64 [8, 4] → logits [8, 3]."""

    def __init__(self) -> None:
        super().__init__()
        self.hidden, self.head = nn.Linear(4, 5), nn.Linear(5, 3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.head(torch.tanh(self.hidden(x)))


def optimizers() -> list[dict[str, Any]]:
    """Two groups with rates of their own that fall from step to step; matrices decay, biases do not."""
    adam = {"betas": (0.8, 0.99), "eps": 1e-6}
    return [
        _train("sgd", torch.optim.SGD, {"momentum": 0.9}, decay=0.05),
        _train("sgd", torch.optim.SGD, {"momentum": 0.0}, decay=0.0, largest_norm=0.25),
        _train("nesterov", torch.optim.SGD, {"momentum": 0.8, "nesterov": True}, decay=0.05),
        _train("adam", torch.optim.Adam, adam, decay=0.05),
        _train("adamw", torch.optim.AdamW, adam, decay=0.3),
        _train("adamw", torch.optim.AdamW, {}, decay=0.1, largest_norm=0.05),
    ]


def _train(kind: str, optimizer_class: type, options: dict[str, Any], decay: float, largest_norm: float | None = None) -> dict[str, Any]:
    network = Small().double()
    for place, parameter in enumerate(network.parameters()):
        parameter.data = _numbers(20 + place, *parameter.shape)
    start = {name: written(value) for name, value in network.named_parameters()}
    x, labels = _numbers(30, 8, 4), torch.tensor([0, 1, 2, 0, 1, 2, 0, 1])
    rates = {"hidden": 0.02, "head": 0.1}
    groups = [
        {"params": [parameter], "lr": rates[name.split(".")[0]], "weight_decay": decay if parameter.ndim > 1 else 0.0}
        for name, parameter in network.named_parameters()
    ]
    optimizer = optimizer_class(groups, **options)
    curve, norms = [], []
    for step in range(STEPS):
        for group, (name, _) in zip(optimizer.param_groups, network.named_parameters()):
            group["lr"] = rates[name.split(".")[0]] * (1 - step / 40)
        optimizer.zero_grad()
        loss = F.cross_entropy(network(x), labels)
        loss.backward()
        norms.append(float(nn.utils.clip_grad_norm_(network.parameters(), largest_norm or 1e9)))
        optimizer.step()
        curve.append(float(loss.detach()))
    settings = {
        **({"beta1": options["betas"][0], "beta2": options["betas"][1], "epsilon": options["eps"]} if "betas" in options else {}),
        **({"momentum": options["momentum"]} if "momentum" in options else {}),
        "weightDecay": decay,
        **({"largestNorm": largest_norm} if largest_norm else {}),
    }
    return {
        "kind": kind,
        "settings": settings,
        "rates": rates,
        "rule": "rate at step t (from 0): rate * (1 - t / 40)",
        "x": written(x),
        "labels": labels.tolist(),
        "start": start,
        "losses": curve,
        "norms": norms,
        "end": {name: written(value.detach()) for name, value in network.named_parameters()},
    }
