"""The committed files are what their manifest says, and PyTorch still computes the golden answers from them."""

import hashlib
import json
import unittest
from pathlib import Path

from .needs import missing, needs_python_packages

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "public" / "models" / "resnet-mixed"

if not missing:
    import torch

    from training.resnet.golden import make_noise, make_ramp
    from training.resnet.graph import load_network
    from training.shared.augment import normalise


class FilesTest(unittest.TestCase):
    def setUp(self):
        self.manifest = json.loads((FOLDER / "manifest.json").read_text())

    def test_checksums(self):
        for file in self.manifest["files"].values():
            data = (FOLDER / file["path"]).read_bytes()
            self.assertEqual((len(data), hashlib.sha256(data).hexdigest()), (file["sizeBytes"], file["sha256"]), file["path"])

    def test_labels_follow_the_split(self):
        labels = json.loads((FOLDER / "labels.json").read_text())
        splits = json.loads((ROOT / "src" / "data" / "emoji-splits.json").read_text())
        self.assertEqual([row["id"] for row in labels if row["source"] == "emoji"], splits["trainingConcepts"])

    def test_card_tells_the_checksum_and_every_number(self):
        card = (ROOT / "content" / "reference" / "models" / "resnet-mixed.mdx").read_text()
        self.assertIn(self.manifest["files"]["weights"]["sha256"], card)
        self.assertTrue(self.manifest["measured"])
        for row in self.manifest["measured"]:
            self.assertIn(f"| {row['name']} | {row['value']:.1f} {row['unit']} |", card)

    @needs_python_packages
    def test_pytorch_computes_the_golden_answers(self):
        golden = json.loads((ROOT / "tests" / "golden" / "resnet-mixed.json").read_text())
        self.assertEqual(golden["made"]["model"]["sha256"], self.manifest["files"]["weights"]["sha256"])
        network = load_network(FOLDER / "model.onnx")
        made = {"lcg": lambda case: make_noise(case["seed"]), "ramp": lambda case: make_ramp()}
        for case in golden["cases"]:
            if case["input"]["kind"] not in made:
                continue
            pixels = made[case["input"]["kind"]](case["input"])
            with torch.inference_mode():
                logits = network(normalise(pixels[None]))[0]
            for index, value in case["topk"]:
                self.assertAlmostEqual(logits[index].item(), value, delta=golden["made"]["tolerance"])
