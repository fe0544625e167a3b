/** Chapter 4: every number of its formulas, tables and answers is computed here and must stand in the text. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { exampleValues } from '../../../src/site/values/examples/index.ts';
import { bertMacs } from '../../../src/site/values/examples/models.ts';
import {
  attend,
  convolutionWeights,
  countBertBase,
  countResnet,
  countVgg16,
  outputSide,
  receptiveField,
  vgg16Windows,
} from '../../../src/site/values/examples/network-arithmetic.ts';

const page = readFileSync('content/course/04-models/index.mdx', 'utf8');
const group = (count: number): string => count.toLocaleString('en-GB');
/** As KaTeX sets thousands. */
const inFormula = (count: number): string => group(count).replaceAll(',', '{,}');

function says(...literals: string[]): void {
  for (const literal of literals) assert.ok(page.includes(literal), `the chapter does not say “${literal}”`);
}

test('output sizes', () => {
  assert.equal(outputSide(224, { filter: 7, stride: 2, padding: 3 }), 112);
  assert.equal(outputSide(112, { filter: 3, stride: 2, padding: 1 }), 56);
  assert.equal(outputSide(224, { filter: 3, stride: 1, padding: 1 }), 224);
  assert.equal(outputSide(299, { filter: 3, stride: 2, padding: 0 }), 149);
  assert.equal(outputSide(300, { filter: 3, stride: 2, padding: 0 }), 149);
  says('\\lfloor223/2\\rfloor+1=112', '\\lfloor111/2\\rfloor+1=56', '\\lfloor(300-3)/2\\rfloor+1=149');
});

test('VGG-16 row by row', () => {
  const rows = countVgg16();
  for (const { weights, macs } of rows) says(`${group(weights)} | ${group(macs)} |`);
  const weights = rows.reduce((sum, row) => sum + row.weights, 0);
  const macs = rows.reduce((sum, row) => sum + row.macs, 0);
  assert.equal(weights, 138_357_544);
  assert.equal((macs / 1e9).toFixed(2), '15.47');
  says(`**${group(weights)}** | **${group(macs)}**`);
  says(inFormula(convolutionWeights(3, 3, 64)), inFormula(convolutionWeights(3, 64, 64)));
});

test('ResNet-18 and ResNet-50', () => {
  const small = countResnet([2, 2, 2, 2], false);
  const large = countResnet([3, 4, 6, 3], true);
  assert.equal(small.weights, 11_689_512);
  assert.equal((small.macs / 1e9).toFixed(2), '1.81');
  assert.equal(large.weights, 25_557_032);
  assert.equal((large.macs / 1e9).toFixed(2), '4.09');
  says(`${group(small.weights)} weights and 1.81 billion`, `${group(large.weights)} and 4.09 billion`);
  // "Less than a fifth of the weights and little more than a quarter of the work" of VGG-16
  assert.ok(large.weights / 138_357_544 < 0.2);
  assert.ok(large.macs / 15.47e9 > 0.25 && large.macs / 15.47e9 < 0.27);
  says(`r=${small.field}`, `r=${large.field}`, `r=${receptiveField(vgg16Windows())}`);
});

test('one stage of ResNet-18, as in the exercise', () => {
  const each = convolutionWeights(3, 64, 64, false);
  const all = 4 * each + 4 * 2 * 64;
  says(inFormula(each), inFormula(4 * each), inFormula(all), inFormula(4 * each * 56 ** 2));
  assert.equal(((4 * each * 56 ** 2) / countResnet([2, 2, 2, 2], false).macs).toFixed(2), '0.25');
});

test('receptive fields of a few layers', () => {
  const conv = { filter: 3, stride: 1 };
  assert.equal(receptiveField([conv, conv]), 5);
  assert.equal(receptiveField([conv, conv, conv]), 7);
  const stem = [
    { filter: 7, stride: 2 },
    { filter: 3, stride: 2 },
  ];
  assert.equal(receptiveField([...stem, conv]), 19);
  assert.equal(receptiveField([...stem, conv, conv]), 27);
  says('11+2\\cdot4=19', '19+2\\cdot4=27');
});

test('bottleneck and Inception branches', () => {
  const bottleneck = 256 * 64 + 9 * 64 * 64 + 64 * 256;
  says(inFormula(bottleneck), inFormula(2 * 9 * 256 * 256));
  const branches = [192 * 64, 192 * 96 + 9 * 96 * 128, 192 * 16 + 25 * 16 * 32, 192 * 32];
  for (const weights of branches) says(`=${inFormula(weights)}$`);
  const sum = branches.reduce((a, b) => a + b, 0);
  says(`${group(sum)} weights and $${inFormula(sum)}\\cdot28^2=${inFormula(sum * 28 ** 2)}$`);
  says(`25\\cdot192\\cdot32=${inFormula(25 * 192 * 32)}`);
});

test('BERT-base part by part', () => {
  const { embeddings, norm, block, pooler } = countBertBase();
  const each = block.attention + block.linear + block.norms;
  const sum = embeddings + norm + 12 * each + pooler;
  assert.equal(sum, 109_482_240);
  for (const part of [embeddings, norm, block.attention, block.linear, block.norms, 12 * each, pooler])
    says(`| ${group(part)} |`);
  says(`12\\cdot${inFormula(each)}`, `**${group(sum)}**`);
  assert.ok(embeddings / sum > 0.2 && embeddings / sum < 0.25, 'over a fifth is a table');
  assert.equal((block.linear / each).toFixed(2), '0.67');
  const lost = (30_522 - 10_000) * 768;
  says(`=${inFormula(lost)}$, which is ${((lost / sum) * 100).toFixed(1)} %`);
});

test('what the hooks of the program miss', () => {
  const { linear, products } = bertMacs();
  assert.equal((linear / 1e9).toFixed(2), '10.87');
  says(`=${inFormula(products)}$`, 'bert-base 109,482,240 10.87 G');
});

test('attention with numbers, all and past only', () => {
  const times = (a: number[][], b: number[][]) =>
    a.map((row) =>
      (b[0] ?? []).map((_, column) => row.reduce((sum, x, i) => sum + x * (b[i]?.[column] ?? 0), 0)),
    );
  const x = [
    [1, 0],
    [0, 1],
    [1, 1],
  ];
  const q = times(x, [
    [1, 0],
    [0, 2],
  ]);
  const k = times(x, [
    [2, 0],
    [0, 1],
  ]);
  const v = times(x, [
    [1, 0],
    [2, 4],
  ]);
  const matrix = (rows: number[][]) =>
    `\\begin{bmatrix}${rows.map((row) => row.join('&')).join('\\\\')}\\end{bmatrix}`;
  const scores = q.map((a) => k.map((b) => a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0)));
  says(`Q=${matrix(q)}`, `K=${matrix(k)}`, `V=${matrix(v)}`, `QK^{\\top}=${matrix(scores)}`);
  const two = (row: number[] = []) => row.map((value) => value.toFixed(2));
  const all = attend(q, k, v, false);
  const past = attend(q, k, v, true);
  says(`the weights are $${two(all.weights[1]).join(',\\,')}$`, `(${two(all.outputs[1]).join(',\\,')})`);
  says(`the output is $(${two(past.outputs[1]).join(',\\,')})$`);
  assert.deepEqual(two(past.weights[1]), ['0.20', '0.80', '0.00']);
  assert.deepEqual(past.outputs[0], v[0]);
  says(`weights $${two(all.weights[2]).join(',\\,')}$. Output $(${two(all.outputs[2]).join(',\\,')})$`);
  const powers = scores[1]?.map((score) => Math.exp(score / Math.SQRT2)) ?? [];
  says(`sum $${powers.reduce((a, b) => a + b, 0).toFixed(2)}$`, `$1,\\,${powers[1]?.toFixed(2)}`);
  const third = scores[2]?.map((score) => Math.exp(score / Math.SQRT2)) ?? [];
  says(`sum $${third.reduce((a, b) => a + b, 0).toFixed(2)}$`);
  for (const row of [...all.outputs, ...past.outputs]) says(`[${two(row).join(', ')}]`);
});

test('normalising rows', () => {
  const normalise = (row: number[]) => {
    const mean = row.reduce((a, b) => a + b, 0) / row.length;
    const spread = Math.sqrt(row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / row.length);
    return row.map((value) => (value - mean) / spread);
  };
  const short = (value: number) => (value === 0 ? '0' : value.toFixed(2));
  for (const row of [
    [1, 2, 3],
    [5, 5, 11],
  ])
    says(normalise(row).map(short).join('&'));
  for (const column of [
    [1, 5],
    [2, 5],
    [3, 11],
  ])
    assert.deepEqual(normalise(column), [-1, 1]);
});

test('single figures', () => {
  assert.equal((0.58 ** 50).toExponential(1), '1.5e-12');
  assert.equal(256 + 50_000 + 1, 50_257);
  says('0.58^{50}\\approx1.5\\cdot10^{-12}', '256+50{,}000+1=50{,}257');
});

test('the values of the running text', () => {
  const values = exampleValues();
  for (const [name, value] of Object.entries({
    vggConvShare: '99.2\u202f%',
    vggConvWeights: '14,714,688',
    vggFirstLinearShare: '74.3\u202f%',
    vggFirstLinearMacs: '0.7\u202f%',
    bottleneckFactor: '17',
    fiveByFiveFactor: '9.7',
    bertAttentionShare: '2.8\u202f%',
  }))
    assert.equal(values.get(`examples.models.${name}`), value, name);
});
