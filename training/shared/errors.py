"""The one error that recipes show without a traceback."""


class RecipeError(Exception):
    """Says what was expected, what was found and what to do next."""
