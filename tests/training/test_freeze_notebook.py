"""The notebooks that the freeze lab saves repeat their runs in PyTorch: same losses, same answers, nothing frozen moves."""

import contextlib
import json
import subprocess
import tempfile
import unittest
from pathlib import Path

from .needs import missing, needs_python_packages
from .test_devices import ROOT
from .test_engine import find_node

SPRITES = ROOT / "public" / "sprites" / "targets.json"
RUNTIME = ROOT / "public" / "generated" / "ort" / "index.json"


# Runs, and how many weights are frozen in each where that is a round matter
FROZEN = {"head": 2795040, "gradual": None, "batch": None, "scratch": 0, "sentences": 4450560, "sentences-scratch": 0}


def needs_lab(test):
    """Skips a test where the lab cannot run in Node."""
    if missing:
        return needs_python_packages(test)
    there = find_node() and (ROOT / "node_modules" / "onnxruntime-node").exists() and SPRITES.exists() and RUNTIME.exists()
    return unittest.skipUnless(there, "packages or assets are missing: npm ci, node scripts/build-assets.ts")(test)


@needs_lab
class FreezeNotebookTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        script = ROOT / "tests" / "training" / "freeze-notebook.ts"
        run = subprocess.run([find_node(), str(script), folder.name], capture_output=True, text=True, cwd=ROOT)
        if run.returncode:
            raise AssertionError(run.stderr)

    def execute(self, name):
        """Runs all code cells in the notebook's folder, as a kernel would; returns the names that they leave."""
        cells = json.loads((self.folder / f"{name}.ipynb").read_text(encoding="utf8"))["cells"]
        names = {"__name__": "__main__"}
        with contextlib.chdir(self.folder), contextlib.redirect_stdout(None):
            for cell in cells:
                if cell["cell_type"] == "code":
                    exec(compile("".join(cell["source"]), cell["id"], "exec"), names)
        return names

    def test_every_run_is_repeated(self):
        for name, frozen in FROZEN.items():
            with self.subTest(name):
                names = self.execute(name)
                page = names["RUN"]["page"]
                self.assertEqual(len(names["losses"]), len(page["losses"]))
                self.assertTrue(page["right"], "the page measured accuracy")
                self.assertEqual([at for at, _ in page["right"]], list(names["right"]))
                self.assertTrue(names["is_same"], f"losses {names['loss_apart']}, answers {names['right_apart']}")
                self.assertNotEqual(page["losses"][0], page["losses"][-1], "something was learnt")
                self.assertEqual(names["changed"], 0)
                if frozen is not None:
                    self.assertEqual(sum(value.numel() for value in names["frozen"].values()), frozen)
                print(f"{name}: losses {names['loss_apart']:.1e} of the first apart, answers {names['right_apart']}")

    def test_another_seed_is_another_run(self):
        cells = json.loads((self.folder / "head.ipynb").read_text(encoding="utf8"))["cells"]
        names = {"__name__": "__main__"}
        with contextlib.chdir(self.folder), contextlib.redirect_stdout(None):
            for cell in cells:
                if cell["cell_type"] == "code":
                    exec(compile("".join(cell["source"]), cell["id"], "exec"), names)
                    if "RUN" in names:
                        names["RUN"]["seed"] = 2
        self.assertFalse(names["is_same"])

    def test_sentences_can_be_read(self):
        run = self.execute("sentences")["RUN"]
        self.assertEqual(len(run["train"]["sentences"]), 20)
        self.assertEqual([len(run[part]["pieces"]) for part in ("train", "heldOut")], [20, len(run["heldOut"]["labels"])])
        self.assertGreater(len(set(map(len, run["train"]["pieces"]))), 1, "no padding among the pieces")

    def test_a_name_is_only_a_name(self):
        notebook = json.loads((self.folder / "head.ipynb").read_text(encoding="utf8"))
        self.assertEqual((notebook["nbformat"], notebook["nbformat_minor"]), (4, 5))
        title = "".join(notebook["cells"][0]["source"])
        heading = title.splitlines()[0]
        for mark in ("<", "$", "`", "[", "("):
            self.assertNotIn(mark, heading)
        self.assertIn("&#60;&#47;script&#62;", heading)
        self.assertNotIn("onerror", "".join("".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"))


if __name__ == "__main__":
    unittest.main()
