"""The table of shapes is what the script makes."""

import json
import unittest
from pathlib import Path

from .needs import needs_python_packages


@needs_python_packages
class ShapeCases(unittest.TestCase):
    """A sample of the table, computed again."""

    def test_cases_come_out_as_committed(self):
        from training.fixtures.cases_layout import layout_cases
        from training.fixtures.shape_cases import TARGET, describe

        committed = {question(row): row["outputs"] for row in json.loads(Path(TARGET).read_text())["cases"]}
        for case in layout_cases()[::7]:
            row = json.loads(json.dumps(describe(case)))
            with self.subTest(case.operator):
                self.assertEqual(row["outputs"], committed[question(row)])

    def test_graphs_come_out_as_committed(self):
        from training.fixtures.shape_graphs import TARGET, all_graphs, describe

        committed = json.loads(Path(TARGET).read_text(encoding="utf8"))["cases"]
        cases = all_graphs()
        self.assertEqual([case.says for case in cases], [row["says"] for row in committed])
        for case, row in zip(cases, committed, strict=True):
            with self.subTest(case.says):
                self.assertEqual(json.loads(json.dumps(describe(case))), row)


def question(row):
    """A case without its answer."""
    return json.dumps({name: value for name, value in row.items() if name not in ("outputs", "by")})


if __name__ == "__main__":
    unittest.main()
