/** The bench as a Jupyter notebook and as a program. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Notebook } from '../../../src/labs/tensor-bench/notebook.ts';
import {
  escapeMarkdown,
  notebookFile,
  programText,
  pythonLiteral,
} from '../../../src/labs/tensor-bench/notebook-file.ts';

interface Output {
  output_type: string;
  text?: string[];
  data?: Record<string, string[]>;
  ename?: string;
  traceback?: string[];
}

/** The notebook of these cells after a run, read back. */
function fileOf(codes: string[]) {
  const notebook = new Notebook();
  const cells = codes.map((code) => ({
    code,
    run: code.includes('never') ? undefined : notebook.runCell(code),
  }));
  return JSON.parse(notebookFile(cells)) as {
    nbformat: number;
    nbformat_minor: number;
    metadata: { kernelspec: { name: string } };
    cells: {
      id: string;
      cell_type: string;
      source: string[];
      execution_count: number | null;
      outputs: Output[];
    }[];
  };
}

test('a notebook is nbformat 4.5, with an id, a source and outputs for each cell', () => {
  const file = fileOf([
    'import torch\nprint("a\\n\\"quoted\\"")',
    'torch.ones(2)',
    '1 / 0',
    '# never run',
    '',
  ]);
  assert.deepEqual([file.nbformat, file.nbformat_minor, file.metadata.kernelspec.name], [4, 5, 'python3']);
  const [printed, shown, failed, never, empty] = file.cells;
  assert.deepEqual(printed?.source, ['import torch\n', 'print("a\\n\\"quoted\\"")']);
  assert.deepEqual(printed.outputs, [{ output_type: 'stream', name: 'stdout', text: ['a\n', '"quoted"\n'] }]);
  assert.deepEqual(shown?.outputs[0]?.data, { 'text/plain': ['tensor([1., 1.])'] });
  assert.equal(shown.execution_count, 2);
  assert.equal(failed?.outputs[0]?.ename, 'ZeroDivisionError');
  assert.deepEqual([never?.execution_count, never?.outputs], [null, []]);
  assert.deepEqual(empty?.source, []);
  assert.equal(new Set(file.cells.map(({ id }) => id)).size, file.cells.length);
  for (const { id, cell_type } of file.cells) {
    assert.match(id, /^[\w-]{1,64}$/);
    assert.equal(cell_type, 'code');
  }
});

test('a program imports torch once, and leaves blank cells out', () => {
  assert.equal(
    programText(['x = torch.ones(2)', '  ', 'x']),
    'import torch\n\nx = torch.ones(2)\n\n# %%\nx\n',
  );
  assert.equal(programText(['import torch', 'x = 1']), 'import torch\n\n# %%\nx = 1\n');
});

test('text stands between the cells, and words are only words', () => {
  const file = JSON.parse(notebookFile([{ markdown: '# A\n\nB' }, { code: '1', run: undefined }])) as {
    cells: { cell_type: string; source: string[]; outputs?: unknown[] }[];
  };
  assert.deepEqual(
    file.cells.map(({ cell_type }) => cell_type),
    ['markdown', 'code'],
  );
  assert.deepEqual(file.cells[0].source, ['# A\n', '\n', 'B']);
  assert.equal(file.cells[0].outputs, undefined);
  assert.equal(
    escapeMarkdown(' <b>[x](y)</b>\n$z$ 1é '),
    '&#60;b&#62;&#91;x&#93;&#40;y&#41;&#60;&#47;b&#62; &#36;z&#36; 1é',
  );
});

test('values become Python that means the same', () => {
  const value = { a: [1, -0.5, 1e-7, NaN, -Infinity], 'b"': 'x\\"\n\ud800', c: {} };
  assert.equal(
    pythonLiteral(value),
    '{"a": [1, -0.5, 1e-7, float("NaN"), float("-inf")], "b\\"": "x\\\\\\"\\n\ufffd", "c": {}}',
  );
});
