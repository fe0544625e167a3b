"""Accuracy of a network on pictures, and of a linear probe on its frozen features."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import nn

from .augment import normalise
from .pictures import Pictures


def compute(model, pictures: Pictures, device: torch.device, batch: int = 256) -> torch.Tensor:
    """What `model` (a module or any function) makes of all pictures: float32 [n, outputs] on the CPU."""
    was_training = isinstance(model, nn.Module) and model.training
    if was_training:
        model.eval()
    with torch.inference_mode():
        parts = []
        for tiles in pictures.tiles.split(batch):
            pixels = normalise(tiles.to(device)).contiguous(memory_format=torch.channels_last)
            parts.append(model(pixels).float().cpu())
    if was_training:
        model.train()
    return torch.cat(parts)


def top_k_accuracy(model, pictures: Pictures, device: torch.device, ks: tuple[int, ...] = (1,)) -> list[float]:
    """Share of pictures whose label is among the k largest outputs, for each k."""
    outputs = compute(model, pictures, device)
    ranked = outputs.topk(max(ks), dim=1).indices == pictures.labels[:, None]
    return [ranked[:, :k].any(1).float().mean().item() for k in ks]


def probe_accuracy(
    features: torch.Tensor,
    labels: torch.Tensor,
    test_features: torch.Tensor | None,
    test_labels: torch.Tensor | None,
    shots: int,
    seeds: int,
) -> tuple[float, float]:
    """
    Mean and deviation, over seeds, of the accuracy of a linear head taught by `shots` pictures a class.

    features float32 [n, d] and labels int64 [n] are what the shots are drawn from; without test features the pictures
    that were not drawn are the test. Features are standardised with the shots' own mean and deviation; the head is a
    softmax regression with weight decay, run to convergence (L-BFGS).
    """
    results = []
    for seed in range(seeds):
        generator = torch.Generator().manual_seed(seed)
        chosen = torch.zeros(len(labels), dtype=torch.bool)
        for label in labels.unique():
            members = (labels == label).nonzero().flatten()
            chosen[members[torch.randperm(len(members), generator=generator)[:shots]]] = True
        mean, deviation = features[chosen].mean(0), features[chosen].std(0) + 1e-5
        head = _fit_linear((features[chosen] - mean) / deviation, labels[chosen], int(labels.max()) + 1)
        asked, answers = (features[~chosen], labels[~chosen]) if test_features is None else (test_features, test_labels)
        predicted = head((asked - mean) / deviation).argmax(1)
        results.append((predicted == answers).float().mean().item())
    values = torch.tensor(results)
    return values.mean().item(), values.std().item() if seeds > 1 else 0.0


def _fit_linear(features: torch.Tensor, labels: torch.Tensor, classes: int) -> nn.Linear:
    head = nn.Linear(features.shape[1], classes)
    nn.init.zeros_(head.weight)
    nn.init.zeros_(head.bias)
    optimizer = torch.optim.LBFGS(head.parameters(), max_iter=100, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        loss = F.cross_entropy(head(features), labels) + 0.01 * head.weight.square().sum() / 2
        loss.backward()
        return loss

    optimizer.step(closure)
    for parameter in head.parameters():
        parameter.requires_grad_(False)
    return head
