"""What a network makes of pictures, and how often it is right."""

from __future__ import annotations

import torch
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
    ranked = outputs.topk(min(max(ks), outputs.shape[1]), dim=1).indices == pictures.labels[:, None]
    return [ranked[:, :k].any(1).float().mean().item() for k in ks]


def estimate_statistics(network: nn.Module, tiles: torch.Tensor, device: torch.device, batch: int = 128) -> nn.Module:
    """
    The network in evaluation mode with BatchNorm statistics estimated on pictures, uint8 [n, 3, 64, 64], its weights as they
    were: mean and variance over all batches, as a training with a learning rate of zero would leave them.
    """
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.reset_running_stats()
            module.momentum = None  # the plain mean over the batches that follow
    network.train()
    with torch.no_grad():
        for part in tiles.split(batch):
            network(normalise(part.to(device)).contiguous(memory_format=torch.channels_last))
    return network.eval()
