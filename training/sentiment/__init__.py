"""sentiment-mini: bert-mini taught to tell praise from blame, and the same network taught from nothing for comparison."""

from pathlib import Path


def measure_again(manifest: dict, folder: Path, shared: Path, threads: int) -> list[dict]:
    """The rows of a committed model's manifest, measured anew; for python -m training.evaluate."""
    from ..shared.language.command import options_to_measure
    from .command import make_options
    from .measure import evaluate

    return evaluate(options_to_measure(make_options(), manifest["id"], folder, shared, threads))
