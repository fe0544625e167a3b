"""
The few-shot measurement: a linear head on frozen features. The protocol is the plain one: multinomial logistic regression on
the pooled features as they are (no standardising, no tuning), squared weights added with the factor 1 / (2 · pictures), which is
C = 1 in the usual notation, run to convergence in float64. There is nothing to choose, and so nothing to choose favourably.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
import torch.nn.functional as F

from .pictures import Pictures, load_emoji, load_splits

Features = Callable[[Pictures], torch.Tensor]
"""Pictures → float32 [n, d]."""
CONCEPTS_OF_CATEGORY = 8  # from each of the five categories: 40 in all
DRAWS = 20


@dataclass
class Target:
    """Pictures of classes to learn from a few examples; without a test, the pictures that were not drawn are the test."""

    name: str
    about: str
    shots: int
    teach: Pictures
    test: Pictures | None


def unseen_concepts() -> list[str]:
    """40 emoji concepts that no network was trained on: the first eight of each category of the split."""
    targets = load_splits()["targets"]
    chosen = []
    for category in dict.fromkeys(target["category"] for target in targets):
        chosen += [target["name"] for target in targets if target["category"] == category][:CONCEPTS_OF_CATEGORY]
    return chosen


def emoji_targets(concepts: list[str]) -> list[Target]:
    """The ways to learn unseen concepts: from training styles to unseen ones, within unseen styles, and over all styles."""
    splits = load_splits()
    known, unseen = load_emoji(splits["trainingStyles"], concepts), load_emoji(splits["heldOutStyles"], concepts)
    every = Pictures(torch.cat([known.tiles, unseen.tiles]), torch.cat([known.labels, unseen.labels]), concepts)
    of = f"{len(concepts)} concepts never trained; taught by"
    return [
        Target("to unseen styles", f"{of} 3 drawings in training styles, tested on unseen styles", 3, known, unseen),
        Target("within unseen styles", f"{of} 2 drawings in unseen styles, tested on the third", 2, unseen, None),
        Target("any style", f"{of} 3 drawings of any style, tested on the others", 3, every, None),
    ]


def head_accuracy(compute_features: Features, target: Target, draws: int = DRAWS) -> float:
    """Mean accuracy, 0..1, over draws of the examples."""
    return sum(accuracies(compute_features, target, draws)) / draws


def accuracies(compute_features: Features, target: Target, draws: int = DRAWS) -> list[float]:
    """Accuracy, 0..1, of a head for each draw of the examples (seeds 0, 1, …). Every class counts as often as it has test pictures."""
    features, labels = compute_features(target.teach), target.teach.labels
    test_features = None if target.test is None else compute_features(target.test)
    results = []
    for seed in range(draws):
        chosen = draw_examples(labels, target.shots, seed)
        weights = fit_head(features[chosen], labels[chosen])
        asked, answers = (features[~chosen], labels[~chosen]) if target.test is None else (test_features, target.test.labels)
        results.append((apply_head(weights, asked).argmax(1) == answers).double().mean().item())
    return results


def draw_examples(labels: torch.Tensor, shots: int, seed: int) -> torch.Tensor:
    """A mask over int64 labels [n] with `shots` pictures of each class (all, where a class has fewer)."""
    generator = torch.Generator().manual_seed(seed)
    chosen = torch.zeros(len(labels), dtype=torch.bool)
    for label in labels.unique():
        members = (labels == label).nonzero().flatten()
        chosen[members[torch.randperm(len(members), generator=generator)[:shots]]] = True
    return chosen


def fit_head(features: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Weights and biases float64 [d + 1, classes] of the logistic regression described above, on float32 [n, d] and int64 [n]."""
    inputs = _with_ones(features)
    weights = torch.zeros(inputs.shape[1], int(labels.max()) + 1, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS([weights], max_iter=300, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        loss = F.cross_entropy(inputs @ weights, labels) + weights[:-1].square().sum() / (2 * len(labels))
        loss.backward()
        return loss

    optimizer.step(closure)
    return weights.detach()


def apply_head(weights: torch.Tensor, features: torch.Tensor) -> torch.Tensor:
    """Logits float64 [n, classes]."""
    return _with_ones(features) @ weights


def _with_ones(features: torch.Tensor) -> torch.Tensor:
    return torch.cat([features.double(), torch.ones(len(features), 1, dtype=torch.float64)], 1)
