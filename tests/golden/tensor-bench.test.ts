/** The tensor bench against PyTorch and NumPy: the same output, the same result, the same error on the same line. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { Notebook, type CellRun } from '../../src/labs/tensor-bench/notebook.ts';
import lessons from '../../src/labs/tensor-bench/lessons.json' with { type: 'json' };

interface Answer {
  code: string;
  output: string;
  result: string | null;
  error: { type: string; message: string; line: number } | null;
}

interface Golden {
  made: { script: string; torch: string; numpy: string; python: string };
  snippets: Record<string, Answer[]>;
  lessons: Record<string, Answer[]>;
}

const golden = JSON.parse(readFileSync(new URL('tensor-bench.json', import.meta.url), 'utf8')) as Golden;

/** An answer of ours in the golden's form. */
function answerOf(code: string, { output, result, error }: CellRun): Answer {
  return {
    code,
    output,
    result: result ?? null,
    error: error ? { type: error.type, message: error.message.trim(), line: error.line } : null,
  };
}

describe('snippets', () => {
  it('are 300 or more, from PyTorch 2 and NumPy 2', () => {
    assert.ok(Object.values(golden.snippets).flat().length >= 300);
    assert.match(golden.made.torch, /^2\./);
    assert.match(golden.made.numpy, /^2\./);
  });

  for (const [topic, answers] of Object.entries(golden.snippets))
    describe(topic, () => {
      for (const answer of answers)
        it(JSON.stringify(answer.code.slice(0, 70)), () => {
          const notebook = new Notebook();
          notebook.importTorch();
          assert.deepEqual(answerOf(answer.code, notebook.runCell(answer.code)), answer);
        });
    });
});

describe('lessons', () => {
  it('are all there', () => {
    assert.deepEqual(
      lessons.map(({ id }) => id),
      Object.keys(golden.lessons),
    );
  });

  for (const [id, answers] of Object.entries(golden.lessons))
    it(id, () => {
      const notebook = new Notebook();
      notebook.importTorch();
      for (const answer of answers)
        assert.deepEqual(answerOf(answer.code, notebook.runCell(answer.code)), answer);
    });
});
