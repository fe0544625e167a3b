"""The course's Inception-style network: 1×1, 3×3, 5×5 and pooling branches side by side, 3×64×64 in."""

from pathlib import Path


def measure_again(manifest: dict, folder: Path, shared: Path, threads: int) -> list[dict]:
    """The rows of a committed model's manifest, measured anew; for python -m training.evaluate."""
    from ..shared.vision.measure import measure_again as measure
    from .model import INCEPTION

    return measure(INCEPTION, manifest, folder, shared, threads)
