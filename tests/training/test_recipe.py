"""A tiny training of every picture recipe, from start to exported files, in one process and in two."""

import contextlib
import io
import json
import tempfile
import unittest
import unittest.mock
from pathlib import Path

from .needs import missing, needs_photos, needs_python_packages, needs_sprites
from .test_devices import run_processes

if not missing:
    import torch

    from training.resnet.model import RESNET
    from training.shared.checkpoint import read_checkpoint
    from training.shared.vision.command import main
    from training.shared.vision.train import SIZES, progress_of

    from .architectures import ARCHITECTURES


def run(architecture, *arguments):
    """Exit code, standard output and error of a recipe's command."""
    out, err, code = io.StringIO(), io.StringIO(), 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main(architecture, list(arguments))
        except SystemExit as end:
            code = end.code
    return code, out.getvalue(), err.getvalue()


@needs_sprites
class SmokeTest(unittest.TestCase):
    def test_every_recipe_trains_and_exports(self):
        for architecture in ARCHITECTURES:
            with self.subTest(architecture.id), tempfile.TemporaryDirectory() as folder:
                options = ("--source", "emoji", "--smoke", "--batch", "16", "--run", f"{folder}/run", "--shared", f"{folder}/no-photos")
                code, out, err = run(architecture, *options, "--steps", "1,1,1")
                self.assertEqual(code, 0, err)
                self.assertIn("top-1", out)
                self.check_export(architecture, folder, options)

    def check_export(self, architecture, folder, options):
        with unittest.mock.patch("training.shared.vision.export.log_file", lambda *_: Path(folder) / "log.json"):
            code, _, err = run(architecture, "export", *options, "--model", f"{folder}/model", "--note", "Only a test.")
        self.assertEqual(code, 0, err)
        manifest = json.loads(Path(f"{folder}/model/manifest.json").read_text())
        labels = json.loads(Path(f"{folder}/model/labels.json").read_text())
        log = json.loads(Path(f"{folder}/log.json").read_text())
        self.assertEqual(len(labels), manifest["output"]["classes"])
        self.assertEqual(manifest["files"]["weights"]["sizeBytes"], Path(f"{folder}/model/model.onnx").stat().st_size)
        self.assertEqual((manifest["id"], manifest["recipe"]), (f"{architecture.id}-emoji", f"training/{architecture.id}"))
        self.assertEqual(manifest["activationRanges"]["pool"][0], 0)
        self.assertEqual((log["pictures"], log["notes"], len(log["data"]["emoji"])), (48, ["Only a test."], 8))

    def test_training_resumes_and_keeps_snapshots(self):
        with tempfile.TemporaryDirectory() as folder:
            options = ("--source", "emoji", "--smoke", "--batch", "8", "--run", folder, "--shared", f"{folder}/no-photos", "--snapshots", "1,50")
            self.assertEqual(run(RESNET, *options, "--steps", "1,1,1")[0], 0)
            first = read_checkpoint(Path(f"{folder}/checkpoint.pt"))
            code, out, err = run(RESNET, *options, "--steps", "2,1,1")
            self.assertEqual(code, 0, err)
            self.assertIn("resumed at step 3", out)
            curve = json.loads(Path(f"{folder}/curve.json").read_text())
            self.assertEqual([row["step"] for row in curve], [3, 4])
            early, late = (read_checkpoint(Path(f"{folder}/snapshot-{share}.pt")) for share in (1, 50))
            self.assertLess(early["step"], late["step"])
            self.assertFalse(torch.equal(early["average"][0], first["average"][0]))
            code, _, err = run(RESNET, "export", *options, "--snapshot", "10", "--model", f"{folder}/model")
            self.assertIn("snapshot-10.pt", err)

    def test_two_processes_train_one_network(self):
        with tempfile.TemporaryDirectory() as folder:
            options = ("--source", "emoji", "--smoke", "--batch", "16", "--steps", "1,1,1", "--run-folder", folder, "--device", "cpu", "--threads", "1")
            done = run_processes(2, "-m", "training.vgg", *options, "--shared", f"{folder}/no-photos")
            self.assertEqual(done.returncode, 0, done.stderr[-2000:])
            self.assertEqual(done.stdout.count("top-1"), 1, "only the first process prints")
            saved = read_checkpoint(Path(folder) / "checkpoint.pt")
            self.assertEqual((saved["step"], saved["pictures"], saved["options"]["processes"]), (3, 48, 2))
            self.assertIn("2 processes", saved["machine"])

    @needs_photos
    def test_mixed_recipe_trains_without_some_photo_classes(self):
        with tempfile.TemporaryDirectory() as folder:
            code, _, err = run(RESNET, "--smoke", "--batch", "16", "--steps", "1,1,1", "--run", folder, "--leave-out", "10")
            self.assertEqual(code, 0, err)
            saved = read_checkpoint(Path(f"{folder}/checkpoint.pt"))
            self.assertEqual(saved["classes"], 202 - 21 + 595)
            self.assertEqual(len(saved["data"]["photos"]), 64)


@needs_python_packages
class ScheduleTest(unittest.TestCase):
    def test_it_reaches_every_size_and_its_end(self):
        self.assertEqual(progress_of([2, 2, 2], 0), 0)
        self.assertAlmostEqual(progress_of([2, 2, 2], 2), SIZES[0][0])
        self.assertAlmostEqual(progress_of([2, 2, 2], 3), (SIZES[0][0] + SIZES[1][0]) / 2)
        self.assertEqual(progress_of([2, 2, 2], 6), 1)
