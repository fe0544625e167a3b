"""`python -m training.gradients` writes tests/golden/autodiff-*.json; a few seconds on one CPU core."""

from .golden import write_goldens

write_goldens()
