"""What the tensor bench is compared with is what PyTorch and NumPy say."""

import json
import unittest

from .needs import missing, needs_python_packages

if not missing:
    from training.tensor_bench import golden
    from training.tensor_bench.execute import new_namespace, run_cell


@needs_python_packages
class TensorBenchTest(unittest.TestCase):
    """The committed answers, executed again."""

    def setUp(self):
        self.committed = json.loads(golden.TARGET.read_text(encoding="utf8"))
        made = {name: self.committed["made"][name] for name in golden.versions()}
        if made != golden.versions():
            self.skipTest(f"the goldens were made with {made}, and here is {golden.versions()}")

    def test_every_snippet_gives_the_committed_answer(self):
        snippets = golden.read_snippets()
        self.assertEqual(list(snippets), list(self.committed["snippets"]))
        for topic, codes in snippets.items():
            self.assertEqual(codes, [answer["code"] for answer in self.committed["snippets"][topic]])
            for answer in self.committed["snippets"][topic]:
                with self.subTest(answer["code"]):
                    self.assertEqual(json.loads(json.dumps(run_cell(answer["code"], new_namespace()))), answer)

    def test_every_lesson_gives_the_committed_answers(self):
        for lesson, cells in golden.read_lessons().items():
            with self.subTest(lesson):
                self.assertEqual(json.loads(json.dumps(golden.run_lesson(cells))), self.committed["lessons"][lesson])

    def test_a_cell_is_run_as_a_notebook_runs_it(self):
        names = new_namespace()
        self.assertEqual(run_cell("x = 2\nprint(x)\nx * 3", names)["output"], "2\n")
        self.assertEqual(run_cell("x * 3", names)["result"], "6")
        self.assertIsNone(run_cell("x * 3;", names)["result"])
        self.assertEqual(run_cell("\nx / 0", names)["error"], {"type": "ZeroDivisionError", "message": "division by zero", "line": 2})


if __name__ == "__main__":
    unittest.main()
