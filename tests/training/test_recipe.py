"""A tiny training from start to exported files, and the sentences for what can go wrong."""

import contextlib
import io
import json
import tempfile
import unittest
import unittest.mock
from pathlib import Path

from .needs import missing, needs_photos, needs_python_packages, needs_sprites

if not missing:
    import torch

    from training.resnet.command import main
    from training.resnet.train import SIZES, progress_of
    from training.shared.checkpoint import read_checkpoint, save_checkpoint
    from training.shared.errors import RecipeError


def run(*arguments):
    """Exit code, standard output and error of a recipe's command."""
    out, err, code = io.StringIO(), io.StringIO(), 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main(list(arguments))
        except SystemExit as end:
            code = end.code
    return code, out.getvalue(), err.getvalue()


@needs_sprites
class SmokeTest(unittest.TestCase):
    def test_emoji_recipe_trains_resumes_and_exports(self):
        with tempfile.TemporaryDirectory() as folder:
            options = ("--source", "emoji", "--smoke", "--run", f"{folder}/run", "--shared", f"{folder}/no-photos")
            code, out, err = run(*options, "--steps", "1,1,1")
            self.assertEqual(code, 0, err)
            self.assertIn("top-1", out)
            code, out, err = run(*options, "--steps", "2,1,1")
            self.assertEqual(code, 0, err)
            self.assertIn("resumed at step 3", out)
            curve = json.loads(Path(f"{folder}/run/curve.json").read_text())
            self.assertEqual(curve[-1]["step"], 4)
            self.check_export(folder, options)

    def check_export(self, folder, options):
        with unittest.mock.patch("training.resnet.export.log_file", lambda source: Path(folder) / "log.json"):
            code, _, err = run("export", *options, "--model", f"{folder}/model")
        self.assertEqual(code, 0, err)
        manifest = json.loads(Path(f"{folder}/model/manifest.json").read_text())
        labels = json.loads(Path(f"{folder}/model/labels.json").read_text())
        self.assertEqual(len(labels), manifest["output"]["classes"])
        self.assertEqual(manifest["files"]["weights"]["sizeBytes"], Path(f"{folder}/model/model.onnx").stat().st_size)
        self.assertLessEqual(manifest["parameters"], 3_000_000)
        self.assertEqual(manifest["activationRanges"]["layer4.1.relu2"][0], 0)

    @needs_photos
    def test_mixed_recipe_trains(self):
        with tempfile.TemporaryDirectory() as folder:
            code, out, err = run("--smoke", "--steps", "1,1,1", "--run", folder)
            self.assertEqual(code, 0, err)
            self.assertTrue(Path(f"{folder}/checkpoint.pt").exists())


@needs_python_packages
class ErrorsTest(unittest.TestCase):
    def test_wrong_data_folder_is_named(self):
        with tempfile.TemporaryDirectory() as folder:
            code, _, err = run("--smoke", "--shared", folder, "--run", f"{folder}/run")
        self.assertEqual(code, 2)
        self.assertIn("No photo sheets in", err)
        self.assertIn("THAW_SHARED", err)

    def test_truncated_checkpoint_is_named(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "checkpoint.pt"
            save_checkpoint(path, {"model": {"weight": torch.zeros(1000)}})
            path.write_bytes(path.read_bytes()[:700])
            with self.assertRaisesRegex(RecipeError, "damaged or cut short"):
                read_checkpoint(path)

    def test_missing_and_foreign_checkpoints_are_named(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "checkpoint.pt"
            with self.assertRaisesRegex(RecipeError, "no checkpoint"):
                read_checkpoint(path)
            torch.save([1, 2], path)
            with self.assertRaisesRegex(RecipeError, "not a checkpoint"):
                read_checkpoint(path)

    def test_full_disk_keeps_the_last_checkpoint(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "checkpoint.pt"
            self.assertTrue(save_checkpoint(path, {"model": 1}))
            full = OSError(28, "No space left on device")
            with unittest.mock.patch("torch.save", side_effect=full), contextlib.redirect_stdout(io.StringIO()) as out:
                self.assertFalse(save_checkpoint(path, {"model": 2}))
            self.assertIn("No space left", out.getvalue())
            self.assertEqual(read_checkpoint(path)["model"], 1)

    def test_schedule_reaches_every_size_and_its_end(self):
        self.assertEqual(progress_of([2, 2, 2], 0), 0)
        self.assertAlmostEqual(progress_of([2, 2, 2], 2), SIZES[0][0])
        self.assertAlmostEqual(progress_of([2, 2, 2], 3), (SIZES[0][0] + SIZES[1][0]) / 2)
        self.assertEqual(progress_of([2, 2, 2], 6), 1)
