"""What can go wrong is said in a sentence, and no checkpoint is lost by it."""

import contextlib
import resource
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from .needs import missing, needs_python_packages, needs_sprites
from .test_devices import ROOT

if not missing:
    import numpy as np
    import torch
    from PIL import Image

    from training.resnet.model import RESNET
    from training.shared.checkpoint import read_checkpoint, save_checkpoint
    from training.shared.errors import RecipeError
    from training.shared.vision.graph import load_network
    from training.shared.vision.pictures import cut_sheet, load_photos

    from .test_recipe import run


def make_photos(shared, classes, rows=1):
    """Photo sheets of noise for the classes, in a folder built like ../shared."""
    for part in ("train", "val"):
        folder = shared / "data" / "photos64" / part
        folder.mkdir(parents=True)
        for seed, wnid in enumerate(classes):
            pixels = np.random.default_rng(seed).integers(0, 256, (64 * rows, 64 * 25, 3), dtype=np.uint8)
            Image.fromarray(pixels).save(folder / f"{wnid}.webp", lossless=True)
    (shared / "data" / "reference").mkdir()
    (shared / "data" / "reference" / "imagenet_class_index.json").write_text('{"0": ["n1", "one"], "1": ["n2", "two"]}')


@needs_python_packages
class DataTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.shared = Path(folder.name)

    def test_wrong_data_folder_is_named(self):
        code, _, err = run(RESNET, "--source", "photos", "--smoke", "--shared", str(self.shared), "--run", f"{self.shared}/run")
        self.assertEqual(code, 2)
        self.assertIn("No photo sheets in", err)
        self.assertIn("THAW_SHARED", err)

    def test_whole_sheets_load(self):
        make_photos(self.shared, ("n1", "n2"))
        photos = load_photos(self.shared, "val")
        self.assertEqual((photos.tiles.shape, photos.names), ((50, 3, 64, 64), ["one", "two"]))

    def test_missing_sheet_is_named(self):
        make_photos(self.shared, ("n1", "n2"))
        (self.shared / "data" / "photos64" / "val" / "n2.webp").unlink()
        with self.assertRaisesRegex(RecipeError, r"val.n2\.webp is missing"):
            load_photos(self.shared, "val")

    def test_truncated_sheet_is_named(self):
        make_photos(self.shared, ("n1", "n2"))
        path = self.shared / "data" / "photos64" / "train" / "n1.webp"
        path.write_bytes(path.read_bytes()[:5000])
        with self.assertRaisesRegex(RecipeError, r"n1\.webp is damaged"):
            load_photos(self.shared, "train")

    def test_short_and_odd_sheets_are_named(self):
        make_photos(self.shared, ("n1", "n2", "n3"))
        path = self.shared / "data" / "photos64" / "val" / "n2.webp"
        Image.new("RGB", (64 * 25, 128)).save(path)
        with self.assertRaisesRegex(RecipeError, "n2 in photos64/val holds other than 25"):
            load_photos(self.shared, "val")
        Image.new("RGB", (64 * 25, 100)).save(path)
        with self.assertRaisesRegex(RecipeError, "1600×100 pixels"):
            cut_sheet(path, 25)

    def test_missing_class_names_are_named(self):
        make_photos(self.shared, ("n1",))
        (self.shared / "data" / "reference" / "imagenet_class_index.json").write_text("{")
        with self.assertRaisesRegex(RecipeError, "names the photo classes"):
            load_photos(self.shared, "val")

    def test_foreign_model_file_is_named(self):
        path = self.shared / "model.onnx"
        path.write_bytes(b"no model")
        with self.assertRaisesRegex(RecipeError, "damaged or no ONNX file"):
            load_network(RESNET, path)


@needs_python_packages
class CheckpointTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name) / "checkpoint.pt"

    def test_truncated_one_is_named_and_the_one_before_it_is_whole(self):
        save_checkpoint(self.path, {"model": {"weight": torch.zeros(1000)}, "step": 1})
        save_checkpoint(self.path, {"model": {"weight": torch.zeros(1000)}, "step": 2})
        self.path.write_bytes(self.path.read_bytes()[:700])
        with self.assertRaisesRegex(RecipeError, r"damaged or cut short.*checkpoint\.before\.pt"):
            read_checkpoint(self.path)
        self.assertEqual(read_checkpoint(self.path.with_name("checkpoint.before.pt"))["step"], 1)

    def test_missing_and_foreign_ones_are_named(self):
        with self.assertRaisesRegex(RecipeError, "no checkpoint"):
            read_checkpoint(self.path)
        torch.save([1, 2], self.path)
        with self.assertRaisesRegex(RecipeError, "not a checkpoint"):
            read_checkpoint(self.path)

    def test_full_disk_keeps_the_last_one(self):
        """The system itself refuses to write more than 20 kB to a file, as a full disk does."""
        script = (
            "import signal, sys, resource, torch\n"
            "from pathlib import Path\n"
            "from training.shared.checkpoint import save_checkpoint\n"
            "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
            "path = Path(sys.argv[1])\n"
            "assert save_checkpoint(path, {'model': torch.zeros(100)})\n"
            "resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))\n"
            "assert not save_checkpoint(path, {'model': torch.zeros(100_000)})\n"
        )
        done = subprocess.run([sys.executable, "-c", script, self.path], cwd=ROOT, capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("checkpoint not written, the one before is kept", done.stdout)
        self.assertEqual(len(read_checkpoint(self.path)["model"]), 100)
        self.assertEqual([path.name for path in self.path.parent.iterdir()], ["checkpoint.pt"])

    @needs_sprites
    def test_training_goes_on_over_a_full_disk_and_export_keeps_the_old_files(self):
        folder = self.path.parent
        options = ("--source", "emoji", "--smoke", "--batch", "8", "--steps", "1,1,1", "--run", str(folder), "--shared", str(folder / "none"))
        with limited_files(30_000):
            code, out, err = run(RESNET, *options)
        self.assertEqual(code, 0, err)
        self.assertIn("checkpoint not written", out)
        self.assertFalse(self.path.exists())
        model = folder / "model"
        model.mkdir()
        (model / "model.onnx").write_bytes(b"the old one")
        with limited_files(30_000):
            code, _, err = run(RESNET, "export", "--provisional", "--source", "emoji", "--model", str(model), "--shared", str(folder / "none"))
        self.assertEqual(code, 2)
        self.assertIn("could not be written", err)
        self.assertEqual([(path.name, path.read_bytes()) for path in model.iterdir()], [("model.onnx", b"the old one")])

    def test_training_that_runs_away_is_not_saved(self):
        make_photos(self.path.parent, ("n1", "n2"))
        options = ("--source", "photos", "--smoke", "--batch", "8", "--steps", "1,1,1", "--run", str(self.path.parent), "--shared", str(self.path.parent))
        code, _, err = run(RESNET, *options, "--learning-rate", "1e30")
        self.assertEqual(code, 2)
        self.assertIn("lower --learning-rate", err)
        self.assertFalse(self.path.exists())

    def test_checkpoint_of_another_network_is_refused(self):
        save_checkpoint(self.path, {"model": {}, "architecture": "vgg", "source": "photos", "classes": 2})
        make_photos(self.path.parent, ("n1", "n2"))
        code, _, err = run(RESNET, "--source", "photos", "--smoke", "--run", str(self.path.parent), "--shared", str(self.path.parent))
        self.assertEqual(code, 2)
        self.assertIn("another training (vgg-photos, 2 classes)", err)


@contextlib.contextmanager
def limited_files(size):
    """Files of this process end after `size` bytes, as on a full disk."""
    import signal

    before, ignored = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)
