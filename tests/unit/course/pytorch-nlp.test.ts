/** Chapter 8: every number of its formulas, tables and answers is computed here and must stand in the text. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const page = readFileSync('content/course/08-pytorch-nlp/index.mdx', 'utf8');
const inFormula = (count: number): string => count.toLocaleString('en-GB').replaceAll(',', '{,}');

function says(...literals: string[]): void {
  for (const literal of literals) assert.ok(page.includes(literal), `the chapter does not say “${literal}”`);
}

/** Strides in cells of a tensor [..., n] that is filled row by row. */
function stridesOf(shape: readonly number[]): number[] {
  return shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
}

/** Share of padding in batches, each a list of lengths. */
function paddingShare(...batches: number[][]): number {
  const cells = batches.reduce((sum, batch) => sum + batch.length * Math.max(...batch), 0);
  return 1 - batches.flat().reduce((a, b) => a + b, 0) / cells;
}

test('the cells of the article’s notebook are carried whole, with what they print', () => {
  for (const line of [
    'torch.LongTensor([0, 1, 2, 3, 4])',
    '# Shape of tensor([0, 1, 2, 3, 4]) is torch.Size([5]) and dimension is 1',
    '# another 1-dimensional tensor',
    '# Shape of tensor([0, 1, 2]) is torch.Size([3]) and dimension is 1',
    'torch.LongTensor([[0, 1, 2], [3, 4, 5],',
    'print(two_d_tensor.shape)',
    '# torch.Size([3, 3])',
    '#         [6, 7, 8]]) is torch.Size([3, 3]) and dimension is 2',
    'two_d_tensor = one_d_tensor.unsqueeze(0)',
    '# Shape of tensor([[0, 1, 2]]) is torch.Size([1, 3]) and dimension is 2',
    'two_d_tensor.numpy()',
    'two_d_tensor.detach().numpy()',
    '# array([[0, 1, 2]])',
  ])
    says(line);
  says('`array([[0, 1, 2]], dtype=int64)`');
  assert.equal(page.match(/title="notebook\.py"/g)?.length, 6);
});

test('strides and places', () => {
  assert.deepEqual(stridesOf([2, 3]), [3, 1]);
  says('has strides $(3,1)$', '1\\cdot3+2\\cdot1=5');
  const [a = 0, b = 0, c = 0] = stridesOf([8, 128, 768]);
  says(`Strides $(${inFormula(a)},\\,${b},\\,${c})$`);
  says(`2\\cdot${inFormula(a)}+5\\cdot${b}+10=${inFormula(2 * a + 5 * b + 10)}`);
  says(`8\\cdot${inFormula(a)}\\cdot4=${inFormula(8 * a * 4)}$ bytes`);
  assert.equal(8 * a * 4, 3 * 2 ** 20);
});

test('sizes on a sentence’s way', () => {
  says(`6\\cdot8=${6 * 8}$ bytes`, `6\\cdot768\\cdot4=${inFormula(6 * 768 * 4)}$`);
  says(`${(768 * 4).toLocaleString('en-GB')} bytes of context`);
  says(`768\\cdot2+2=${inFormula(768 * 2 + 2)}$`, `(768+1)\\cdot5=${inFormula(769 * 5)}$`);
  says(`10{,}000\\cdot768\\cdot4=${inFormula(10_000 * 768 * 4)}$ bytes, about 31 MB`);
});

test('padding', () => {
  says(`1-80/220\\approx${(paddingShare([5, 10, 10, 55]) * 100).toFixed(0)}\\,\\%`);
  says(`1-32/(4\\cdot16)=${paddingShare([4, 6, 6, 16]) * 100}\\,\\%`);
  says(`1-32/34\\approx${(paddingShare([4, 6, 6], [16]) * 100).toFixed(1)}\\,\\%`);
  const plain = (3 * 1 + 3 * 50) / 6;
  says(`\\tfrac36\\cdot1+\\tfrac36\\cdot50=${plain}$`, `# tensor([ 1.0000, ${plain}000]) tensor([1., 1.])`);
});

test('gradients by central differences', () => {
  const slope = (f: (w: number) => number, at: number) => (f(at + 1e-4) - f(at - 1e-4)) / 2e-4;
  assert.equal(slope((w) => w * w + 4, 1).toFixed(3), '2.000');
  assert.equal(slope((w) => 1 + w * w, 2).toFixed(3), '4.000');
  says('arrives at $(2,4)$');
  assert.equal(slope((w) => (3 * w) ** 2, 2).toFixed(3), '36.000');
  assert.equal(slope((w) => 3 * w * 6, 2).toFixed(3), '18.000');
  says('$18w=36$', 'the derivative is $18$');
});
