"""int8 weights, one scale for each output channel."""

from __future__ import annotations

import numpy as np


def quantise_channels(weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """
    float32 [c_out, …] → int8 of the same shape and float32 scales [c_out], so that weight ≈ int8 · scale.

    Each channel tries a few clipping points and keeps the one with the least squared error; the range is symmetric
    (-127..127), so that a sign can be moved into the int8 values without overflow.
    """
    rows = weight.reshape(len(weight), -1).astype(np.float64)
    largest = np.abs(rows).max(1)
    largest[largest == 0] = 1
    best_error = np.full(len(rows), np.inf)
    best_scale = largest / 127
    for clip in np.linspace(0.7, 1.0, 31):
        scale = (largest * clip / 127).astype(np.float32).astype(np.float64)
        steps = np.clip(np.rint(rows / scale[:, None]), -127, 127)
        error = ((steps * scale[:, None] - rows) ** 2).sum(1)
        better = error < best_error
        best_error[better], best_scale[better] = error[better], scale[better]
    scale = best_scale.astype(np.float32)
    steps = np.clip(np.rint(rows / scale[:, None].astype(np.float64)), -127, 127).astype(np.int8)
    return steps.reshape(weight.shape), scale


def dequantise_channels(steps: np.ndarray, scale: np.ndarray) -> np.ndarray:
    """The float32 weight that a DequantizeLinear over axis 0 gives."""
    return steps.astype(np.float32) * scale.reshape(-1, *[1] * (steps.ndim - 1)).astype(np.float32)
