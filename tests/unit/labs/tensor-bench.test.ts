/** The tensor bench where PyTorch is no measure: what it stops, what it does not know, and how it says so. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Notebook } from '../../../src/labs/tensor-bench/notebook.ts';

/** The last cell's run in a notebook of its own. */
function run(...cells: string[]): ReturnType<Notebook['runCell']> {
  const notebook = new Notebook();
  notebook.importTorch();
  return cells.map((cell) => notebook.runCell(cell)).at(-1) ?? notebook.runCell('');
}

describe('what is stopped', () => {
  const stopped: [why: string, code: string, type: string, says: RegExp][] = [
    ['an endless loop', 'while True:\n    pass', 'StepLimit', /loop that never ends/],
    ['a loop over nothing but time', 'for i in range(1000000):\n    i * i', 'StepLimit', /steps/],
    ['a giant tensor', 'torch.zeros(100000, 100000)', 'TooLarge', /10,000,000,000 elements/],
    ['a giant range', 'torch.arange(10**12)', 'TooLarge', /elements/],
    ['a giant repeat', 'torch.ones(1000).repeat(1000, 1000)', 'TooLarge', /elements/],
    ['many large tensors', 'for i in range(100):\n    torch.zeros(1000, 1000)', 'TooLarge', /in all/],
    ['a long list', '[0] * 10**9', 'TooLarge', /1,000,000,000 items/],
    ['a long text', "'a' * 10**9", 'TooLarge', /items/],
    ['a number without end', '2 ** 10**9', 'TooLarge', /digits/],
    [
      'too much output',
      "for i in range(10000):\n    print('a long line of output')",
      'TooLarge',
      /characters/,
    ],
    ['a call that calls itself', 'def f(x):\n    return f(x)\nf(1)', 'RecursionError', /recursion depth/],
    ['a cell of 100,000 characters', 'x = 1\n'.repeat(17000), 'TooLarge', /102,000 characters/],
  ];
  for (const [why, code, type, says] of stopped)
    it(why, () => {
      const { error } = run(code);
      assert.equal(error?.type, type);
      assert.match(error.message, says);
    });

  it('is not caught by the cell itself', () => {
    assert.equal(
      run('try:\n    while True:\n        pass\nexcept Exception:\n    print(1)').error?.type,
      'StepLimit',
    );
  });

  it('leaves the notebook usable, and recording on', () => {
    const last = run(
      'w = torch.ones(2, requires_grad=True)',
      'with torch.no_grad():\n    while True:\n        pass',
      '(w * 2).requires_grad',
    );
    assert.equal(last.result, 'True');
  });
});

describe('what is not known', () => {
  it('says that this is a teaching subset, names a near match and what is there', () => {
    const { error } = run('torch.unsqueze(torch.ones(2), 0)');
    assert.equal(error?.type, 'AttributeError');
    assert.match(error.note ?? '', /teaching subset.*Did you mean `unsqueeze`\?.*arange/);
  });
  it('names what a tensor has', () => {
    assert.match(run('torch.ones(2).sofmax(0)').error?.note ?? '', /`softmax`/);
  });
  it('asks for the cell that makes a name', () => {
    assert.match(run('one_d_tensr').error?.note ?? '', /earlier cell/);
    assert.match(run('one_d_tensor = 1', 'one_d_tensr').error?.note ?? '', /`one_d_tensor`/);
    assert.match(new Notebook().runCell('torch.ones(2)').error?.note ?? '', /import torch/);
  });
  it('refuses Python that is not in the subset, in a sentence', () => {
    for (const code of ['class A:\n    pass', 'x = 3j', "b'bytes'", '@decorated\ndef f():\n    pass'])
      assert.match(run(code).error?.message ?? '', /not part of this teaching subset/, code);
  });
  it('knows the modules that it has', () => {
    assert.match(run('import nunpy').error?.note ?? '', /numpy/);
  });
});

describe('cells', () => {
  it('may be blank', () => {
    for (const code of ['', '  \n\n', '# only a comment'])
      assert.deepEqual(run(code), { output: '', result: undefined, error: undefined });
  });
  it('see what earlier ones made', () => {
    assert.equal(run('x = torch.arange(3)', 'x.sum()').result, 'tensor(3)');
  });
  it('keep what was printed before an error', () => {
    const { output, error } = run("print('before')\nprint(1 / 0)");
    assert.equal(output, 'before\n');
    assert.equal(error?.line, 2);
  });
  it('survive any text without a fault of the bench', () => {
    const texts = [
      '((((',
      'f"{',
      'x = [',
      '"""',
      'def',
      'lambda',
      ':::',
      '\u0000',
      '🙂 = 1',
      'if',
      '%%time',
      '!ls',
      'x.',
      'x[',
      'for',
      '1..2',
      'print(f"{x!}")',
      'a b c',
      '@',
      '\\',
    ];
    for (const text of texts) {
      const { error } = run(text);
      assert.ok(error && error.type !== 'BenchError', `${text}: ${JSON.stringify(error)}`);
    }
  });
});
