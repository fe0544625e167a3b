"""Checks of training/; run with: python -m unittest discover -s tests/training -t ."""
