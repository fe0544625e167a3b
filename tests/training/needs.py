"""What a check needs, and the plain sentence with which it is skipped."""

import importlib.util
import unittest

MODULES = ("torch", "numpy", "PIL", "onnx", "onnxruntime")
missing = [name for name in MODULES if importlib.util.find_spec(name) is None]


def needs_python_packages(test):
    """Skips a test where the recipes' packages are not installed."""
    return unittest.skipIf(missing, f"{', '.join(missing)} not installed: pip install -r training/requirements.txt")(test)


def needs_sprites(test):
    """Skips a test where the sprite sheets have not been built."""
    if missing:
        return needs_python_packages(test)
    from training.shared.vision.pictures import SPRITES_FOLDER

    reason = "the emoji sheets are not built: node scripts/build-sprites.ts"
    return unittest.skipUnless((SPRITES_FOLDER / "index.json").exists(), reason)(test)


def needs_photos(test):
    """Skips a test where the photo sheets are not beside the checkout."""
    if missing:
        return needs_python_packages(test)
    from training.shared.files import shared_folder

    folder = shared_folder() / "data" / "photos64"
    return unittest.skipUnless(folder.is_dir(), "no ../shared/data/photos64: set THAW_SHARED")(test)
