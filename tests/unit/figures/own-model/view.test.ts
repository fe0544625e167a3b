/** The figure for a reader's own network drawn into a small DOM. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeStage } from '../../../../src/figures/kit/static.ts';
import {
  firstState,
  readNumbers,
  withPicture,
  type OwnState,
} from '../../../../src/figures/own-model/model.ts';
import { ownShell } from '../../../../src/figures/own-model/shell.ts';
import { drawOwn } from '../../../../src/figures/own-model/view.ts';
import { lookKey } from '../../../../src/figures/model-atlas/model.ts';
import { summariseTensor } from '../../../../src/labs/tensor-summary.ts';
import { openState } from './networks.ts';

const output = summariseTensor('<b>y</b>', {
  dtype: 'float32',
  shape: [1, 3],
  data: Float32Array.of(1, NaN, 3),
});
const ran: OwnState = {
  ...openState,
  run: { outputs: [output], elapsedMs: 83, timedRuns: 5, sessionMs: 120, threads: 2 },
  checked: [
    { name: 'a', notNumbers: 0, infinite: 0 },
    { name: 'b', notNumbers: 1, infinite: 0 },
  ],
};
const withLook = (): OwnState => {
  const { atlas } = openState;
  assert.ok(atlas?.look);
  const read = new Map([[lookKey('weights', atlas.box), [output]]]);
  return { ...openState, atlas: { ...atlas, look: { ...atlas.look, hasValues: true, read } } };
};
const states: Record<string, OwnState> = {
  empty: firstState(),
  opening: { ...firstState(), status: 'loading', doing: 'opening' },
  refused: {
    ...firstState(),
    status: 'failed',
    problem: { message: 'This is a zip archive.', advice: 'Unpack it.', details: 'code: bad-model' },
  },
  open: openState,
  ran,
  looking: withLook(),
};

for (const [name, state] of Object.entries(states))
  test(`own network, ${name}: drawing twice changes nothing`, () => {
    const stage = makeStage(ownShell('3 MB'));
    drawOwn(stage, state);
    const once = stage.innerHTML;
    drawOwn(stage, state);
    assert.equal(stage.innerHTML, once);
  });

test('what a run says: time, warning, where not-a-number begins; names are text', () => {
  const stage = makeStage(ownShell('3 MB'));
  drawOwn(stage, ran);
  const text = stage.textContent ?? '';
  assert.match(text, /83.ms a run \(median of 5/);
  assert.match(text, /Of 3 values 1 are not a number/);
  assert.match(text, /1 of 2 computed tensors .* first in running order is b/);
  assert.match(text, /<b>y<\/b>/);
  assert.equal(stage.querySelector('.look b b'), null);
});

test('a problem stands where the work was asked for', () => {
  const stage = makeStage(ownShell('3 MB'));
  drawOwn(stage, states['refused'] ?? ran);
  assert.match(stage.querySelector('[data-part="stage"] .problem')?.textContent ?? '', /zip archive/);
  drawOwn(stage, { ...openState, problem: { message: 'No picture.', advice: '', details: '' } });
  assert.equal(stage.querySelector('[data-part="stage"] .problem'), null);
  assert.match(stage.querySelector('[data-part="run-stage"] .problem')?.textContent ?? '', /No picture/);
});

test('a picture goes to the first input that can hold one, once', () => {
  const all = openState.file?.opened.inputs ?? [];
  const [name] = Object.keys(openState.inputs);
  const inputs = withPicture(openState.inputs, all);
  assert.equal(inputs[name].fill, 'picture');
  assert.equal(withPicture(inputs, all), inputs);
});

test('lists of numbers are read as people write them', () => {
  assert.deepEqual(readNumbers('0.485, 0.456, 0.406'), [0.485, 0.456, 0.406]);
  assert.deepEqual(readNumbers(' 255 '), [255]);
  assert.deepEqual(readNumbers('−1; 2'), [-1, 2]);
  for (const text of ['', 'one', '1,,a', '1 2 3 4 5', '0x10'])
    assert.equal(readNumbers(text), undefined, text);
});
