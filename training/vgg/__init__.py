"""The course's VGG-style network: plain stacks of 3×3 convolutions with BatchNorm, 3×64×64 in."""

from pathlib import Path


def measure_again(manifest: dict, folder: Path, shared: Path, threads: int) -> list[dict]:
    """The rows of a committed model's manifest, measured anew; for python -m training.evaluate."""
    from ..shared.vision.measure import measure_again as measure
    from .model import VGG

    return measure(VGG, manifest, folder, shared, threads)
