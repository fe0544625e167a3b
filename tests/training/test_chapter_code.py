"""The PyTorch that the chapters print runs as it stands, and prints what its last comment says.

Blocks that begin from pre-trained weights begin here from a random start (weights=None), so that nothing is downloaded: the chapters
say that the same code then runs. The numbers that they print do not depend on the weights. Where torchvision or transformers are
absent, their blocks are skipped with a sentence.
"""

import contextlib
import functools
import importlib
import importlib.util
import io
import re
import unittest
from pathlib import Path

from .needs import missing, needs_python_packages

CHAPTERS = sorted((Path(__file__).resolve().parents[2] / "content" / "course").glob("*/index.mdx"))
# Hundreds of steps of training end a little differently on every processor: how far the printed numbers may be off, as a share
TRAINED_LONG = {"arm.py": 0.35}
COMPILED_OPERATORS = ("nms", "qnms", "roi_align", "roi_pool", "ps_roi_align", "ps_roi_pool", "deform_conv2d")
COMPILED_OPERATORS += tuple(f"_{name}_backward" for name in COMPILED_OPERATORS[2:])
# A library's names live as long as the library
KEPT = []
NUMBER = re.compile(r"\d+\.\d+")
BLOCK = re.compile(r'^```python title="(?P<title>[^"]+)"[^\n]*\n(?P<code>.*?)^```$', re.MULTILINE | re.DOTALL)


def read_programs():
    """Every program as (chapter, title, cells): blocks of one title in a chapter are the cells of one notebook, run in order."""
    programs = {}
    for chapter in CHAPTERS:
        for block in BLOCK.finditer(chapter.read_text()):
            programs.setdefault((chapter.parent.name, block["title"]), []).append(block["code"])
    return [(chapter, title, cells) for (chapter, title), cells in programs.items()]


def printed_in(code):
    """What the comment at the block's end says that it prints; empty if it ends without one."""
    lines = code.rstrip().split("\n")
    said = []
    while lines and lines[-1].startswith("# "):
        said.insert(0, lines.pop()[2:])
    return said


def from_random_start(code):
    """The code with weights=None wherever it names weights to download."""
    return re.sub(r"resnet18\(weights=[\w.]+\)", "resnet18(weights=None)", code)


def why_skipped(code):
    """The sentence with which a block is skipped whose packages are not here; empty where they are."""
    for name in ("torchvision", "transformers"):
        if f"from {name}" not in code:
            continue
        if name == "torchvision":
            declare_missing_operators()
        try:
            importlib.import_module(name)
        except ImportError:
            return f"{name} is not installed: python -m pip install -r training/requirements.txt"
        except RuntimeError as error:
            return f"{name} does not fit this torch ({error}): install both from the same place"
    return ""


@functools.cache
def declare_missing_operators():
    """Names torchvision's compiled operators to a torch without CUDA, which cannot load those of the package index.

    Without the names the import fails. The chapters use networks and transforms, which are written in Python; whoever called
    one of these operators would be told that it has no kernel.
    """
    import torch

    if torch.version.cuda or not importlib.util.find_spec("torchvision"):
        return
    library = torch.library.Library("torchvision", "DEF")
    for name in COMPILED_OPERATORS:
        with contextlib.suppress(RuntimeError):
            library.define(f"{name}(Tensor a, Tensor b, float c) -> Tensor")
    KEPT.append(library)


def run(cells):
    """Lines that each cell prints, all in one namespace."""
    import torch

    state, threads = torch.random.get_rng_state(), torch.get_num_threads()
    # One thread adds in one order
    torch.set_num_threads(1)
    names = {"__name__": "__main__"}
    printed = []
    try:
        for cell in cells:
            out = io.StringIO()
            with contextlib.redirect_stdout(out):
                exec(compile(from_random_start(cell), "<chapter>", "exec"), names)
            printed.append(out.getvalue().rstrip().split("\n"))
    finally:
        torch.random.set_rng_state(state)
        torch.set_num_threads(threads)
        torch.set_printoptions(profile="default")
    return printed


@needs_python_packages
class ChapterCodeTest(unittest.TestCase):
    """One test for each program, added below."""

    def compare(self, printed, said, share):
        """Fails unless the lines agree: to the letter, or in words and within a share of each number."""
        if not said:
            self.assertTrue(printed[0], "it prints nothing")
        elif share == 0:
            self.assertEqual(printed, said)
        else:
            self.assertEqual(*([NUMBER.sub("#", line).split() for line in lines] for lines in (printed, said)))
            pairs = zip(*(NUMBER.findall("\n".join(lines)) for lines in (printed, said)), strict=True)
            for ours, theirs in pairs:
                self.assertLessEqual(abs(float(ours) - float(theirs)), share * float(theirs), printed)


def add_test(chapter, title, cells):
    """A test of one program under the names of chapter and program."""

    def test(self):
        reason = why_skipped("\n".join(cells))
        if reason:
            self.skipTest(reason)
        for cell, printed in zip(cells, run(cells), strict=True):
            self.compare(printed, printed_in(cell), TRAINED_LONG.get(title, 0))

    name = re.sub(r"\W+", "_", f"test_{chapter}_{title}")
    setattr(ChapterCodeTest, name, test)


for program in read_programs():
    add_test(*program)


class BlocksTest(unittest.TestCase):
    def test_every_block_is_read(self):
        fences = sum(chapter.read_text().count("\n```python") for chapter in CHAPTERS)
        self.assertEqual(sum(len(cells) for _, _, cells in read_programs()), fences, "a block of Python without a title is not tested")
        self.assertGreaterEqual(fences, 6)

    def test_what_a_block_prints_is_its_last_comment(self):
        self.assertEqual(printed_in("x = 1\n# not this\nprint(x)\n# 1\n"), ["1"])
        self.assertEqual(printed_in("print(1)\n"), [])

    def test_nothing_is_downloaded(self):
        for _, title, cells in read_programs():
            for cell in cells:
                self.assertNotRegex(from_random_start(cell), r"resnet\d+\(weights=(?!None)|pretrained = True", title)
