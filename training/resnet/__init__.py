"""The course's ResNet: basic blocks, 3×64×64 in, widths 32, 64, 128, 256."""

from pathlib import Path


def measure_again(manifest: dict, folder: Path, shared: Path, threads: int) -> list[dict]:
    """The rows of a committed model's manifest, measured anew; for python -m training.evaluate."""
    from ..shared.vision.measure import measure_again as measure
    from .model import RESNET

    return measure(RESNET, manifest, folder, shared, threads)
