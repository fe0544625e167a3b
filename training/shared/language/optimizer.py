"""
Muon (Jordan 2024) for the matrices inside the layers, AdamW for the rest. Both read one learning rate: Muon's updates are
scaled to the size that AdamW's have (Liu et al. 2025).
"""

from __future__ import annotations

import math

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
        muon = torch.optim.Muon if inner[0].is_cuda else Float32Muon
        optimizers.append(muon(inner, lr=1.0, weight_decay=weight_decay, adjust_lr_fn="match_rms_adamw"))
    return optimizers


class Float32Muon(torch.optim.Muon):
    """PyTorch's Muon with updates made orthogonal in float32: a CPU without AMX takes four times as long for products in bfloat16."""

    @torch.no_grad()
    def step(self, closure: None = None) -> None:
        """Nesterov's momentum, then the update that torch.optim.Muon takes for adjust_lr_fn="match_rms_adamw"."""
        for group in self.param_groups:
            rate, momentum = group["lr"], group["momentum"]
            for parameter in group["params"]:
                if parameter.grad is None:
                    continue
                state = self.state[parameter]
                if not state:
                    state["momentum_buffer"] = torch.zeros_like(parameter.grad)
                state["momentum_buffer"].lerp_(parameter.grad, 1 - momentum)
                update = orthogonalise(parameter.grad.lerp(state["momentum_buffer"], momentum), group["ns_coefficients"], group["ns_steps"], group["eps"])
                parameter.mul_(1 - rate * group["weight_decay"])
                parameter.add_(update, alpha=-rate * 0.2 * math.sqrt(max(parameter.shape)))


def orthogonalise(matrix: torch.Tensor, coefficients: tuple[float, float, float], steps: int, eps: float) -> torch.Tensor:
    """float32 [M, N] → a matrix of the same singular vectors whose values lie near 1: Newton and Schulz's iteration of fifth order (Jordan 2024)."""
    a, b, c = coefficients
    flat = matrix if matrix.shape[0] <= matrix.shape[1] else matrix.T
    flat = flat / flat.norm().clamp(min=eps)
    for _ in range(steps):
        gram = flat @ flat.T
        flat = torch.addmm(flat, torch.addmm(gram, gram, gram, beta=b, alpha=c), flat, beta=a)
    return flat if matrix.shape[0] <= matrix.shape[1] else flat.T


def rate_at(done: float, peak: float) -> float:
    """Learning rate when `done` (0..1) of the schedule is over: a straight way up to `peak`, then a straight way down to zero."""
    return peak * min(done / WARM_UP, (1 - done) / (1 - WARM_UP))
