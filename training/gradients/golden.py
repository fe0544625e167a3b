"""Writes what PyTorch computes to tests/golden/autodiff-*.json, each file with how it was made."""

from __future__ import annotations

from ..shared.checkpoint import describe_versions
from ..shared.files import ROOT, commit_of_checkout, write_json
from .cases import CASES
from .fine_tuning import fine_tunings
from .steps import losses, optimizers
from .whole import resnet_mixed

SEED = 7
FOLDER = ROOT / "tests" / "golden"


def made() -> dict:
    """How a file was made."""
    return {"script": "python -m training.gradients", "commit": commit_of_checkout(), "versions": describe_versions(), "seed": SEED, "precision": "float64"}


def write_goldens() -> None:
    """Writes all files; never called by CI."""
    answers = {
        "rules": [case.answer(SEED + place) for place, case in enumerate(CASES)],
        "losses": losses(),
        "optimizers": optimizers(),
        "resnet-mixed": resnet_mixed(),
        "fine-tuning": fine_tunings(),
    }
    for name, cases in answers.items():
        write_json(FOLDER / f"autodiff-{name}.json", {"made": made(), "cases": cases})
        print(f"autodiff-{name}.json: {len(cases)} cases")
