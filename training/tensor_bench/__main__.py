"""Remakes what PyTorch and NumPy print for the tensor bench: python -m training.tensor_bench"""

from __future__ import annotations

import sys

from ..shared.errors import RecipeError
from .golden import write_golden

try:
    print(write_golden())
except RecipeError as error:
    print(f"error: {error}", file=sys.stderr)
    raise SystemExit(2) from None
