"""
Muon (Jordan 2024) for the matrices inside the layers, AdamW for the rest. Both read one learning rate: Muon's updates are
scaled to the size that AdamW's have (Liu et al. 2025).
"""

from __future__ import annotations

import torch
from torch import nn

WARM_UP = 0.04


def make_optimizers(network: nn.Module, weight_decay: float, with_muon: bool = True) -> list[torch.optim.Optimizer]:
    """The optimizers that together hold every parameter once; embeddings, biases and norms are not decayed."""
    inner, table, plain = [], [], []
    for name, parameter in network.named_parameters():
        if parameter.ndim != 2 or name.startswith("embeddings."):
            plain.append(parameter)
        elif with_muon and ".layer." in name:
            inner.append(parameter)
        else:
            table.append(parameter)
    groups = [{"params": table, "weight_decay": weight_decay}, {"params": plain, "weight_decay": 0.0}]
    optimizers: list[torch.optim.Optimizer] = [torch.optim.AdamW(groups, lr=1.0, betas=(0.9, 0.98), eps=1e-8)]
    if inner:
        optimizers.append(torch.optim.Muon(inner, lr=1.0, weight_decay=weight_decay, adjust_lr_fn="match_rms_adamw"))
    return optimizers


def rate_at(done: float, peak: float) -> float:
    """Learning rate when `done` (0..1) of the schedule is over: a straight way up to `peak`, then a straight way down to zero."""
    return peak * min(done / WARM_UP, (1 - done) / (1 - WARM_UP))
