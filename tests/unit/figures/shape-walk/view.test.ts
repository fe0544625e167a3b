/** The walk drawn into a small DOM: twice gives the same, and the page's draw takes over the build's. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it, test } from 'node:test';
import { readModel } from '../../../../src/engine/onnx/reader.ts';
import { drawStatic, makeStage } from '../../../../src/figures/kit/static.ts';
import {
  firstState,
  goTo,
  readersOf,
  setFormula,
  setSymbols,
  sharedFields,
  skipsOf,
  symbolsOf,
  type WalkState,
} from '../../../../src/figures/shape-walk/model.ts';
import { readOffers, readWalk } from '../../../../src/figures/shape-walk/read-walks.ts';
import { walkShell } from '../../../../src/figures/shape-walk/shell.ts';
import { stepAtShare } from '../../../../src/figures/shape-walk/view-path.ts';
import { drawWalk } from '../../../../src/figures/shape-walk/view.ts';
import { saySymbols, walkRows } from '../../../../src/figures/shape-walk/words.ts';
import { describeWalk } from '../../../../src/labs/shape-walk/describe-walk.ts';
import { readReference } from '../../../fixtures/onnx/references.ts';

const walk = await readWalk('resnet-mixed');
const first = firstState(walk, await readOffers());
const at = (id: string): WalkState => ({
  ...first,
  ...goTo(
    first,
    walk.steps.findIndex((one) => one.id === id),
  ),
});
const flow = describeWalk(readModel(readFileSync('tests/fixtures/onnx/models/control-flow.onnx')), {
  id: 'flow',
  title: 'flow',
});
const states: Record<string, WalkState> = {
  first,
  'a sum': at('layer2.0.add'),
  'the last step': { ...first, ...goTo(first, Infinity) },
  playing: { ...first, isPlaying: true },
  failed: { ...first, problem: { message: 'No.', advice: 'Try <b>again</b>.' } },
  'a reader’s own': { ...firstState(flow, first.offers), at: flow.steps.length - 1 },
};
const draw = (state: WalkState) => drawStatic(walkShell('walk'), (root) => drawWalk(root, state));

for (const [name, state] of Object.entries(states)) {
  test(`shape walk, ${name}: drawing twice changes nothing`, () => {
    const stage = makeStage(walkShell('walk'));
    drawWalk(stage, state);
    const once = stage.innerHTML;
    drawWalk(stage, state);
    assert.equal(stage.innerHTML, once);
  });

  test(`shape walk, ${name}: the page's draw takes over the first frame`, () => {
    const stage = makeStage(draw(first));
    drawWalk(stage, state);
    drawWalk(stage, { ...first, hasMoved: false });
    assert.deepEqual(marksOf(stage), marksOf(makeStage(draw(first))));
  });
}

test('the first frame is small, says the first rule with its numbers, and holds the whole table', () => {
  const markup = draw(first);
  assert.ok(markup.length < 32_000, `${markup.length} characters`);
  const stage = makeStage(markup);
  const rule = stage.querySelector('[data-part="rule"]')?.textContent ?? '';
  assert.match(rule, /⌊\(n \+ 2·p − k\)\/s⌋ \+ 1= ⌊\(64 \+ 2·\d − \d\)\/\d⌋ \+ 1= \d+/);
  assert.equal(stage.querySelectorAll('tbody tr').length, walk.steps.length);
  assert.equal(stage.querySelectorAll('tr.now').length, 1);
});

test('a sum shows both tensors and where each comes from', () => {
  const stage = makeStage(draw(at('layer2.0.add')));
  const shown = [...stage.querySelectorAll('.walk-before .walk-tensor')];
  assert.deepEqual(
    shown.map((one) => {
      const [, place] = /from step (\d+)/.exec(one.querySelector('.btn-link')?.textContent ?? '') ?? [];
      return walk.steps[Number(place) - 1]?.id;
    }),
    ['layer2.0.bn2', 'layer2.0.downsample.1'],
  );
  assert.equal(stage.querySelectorAll('.walk-before svg path').length > 0, true);
});

test('an operator without words says that the runtime knows, and a name from a file is text', () => {
  const odd = { ...walk, steps: walk.steps.map((one) => ({ ...one, id: '<img src=x>' })) };
  const stage = makeStage(draw({ ...first, walk: odd }));
  assert.equal(stage.querySelector('img'), null);
  const place = flow.steps.findIndex(({ rule }) => rule === 'runtime');
  const unworded = makeStage(draw({ ...firstState(flow, first.offers), at: place }));
  assert.match(unworded.querySelector('.walk-words')?.textContent ?? '', /^Shape by the runtime’s rule: /);
});

describe('what follows from a walk', () => {
  it('formulas are set with signs of their own', () => {
    assert.equal(setFormula('floor((64 + 2*1 - 3)/2) + 1'), '⌊(64 + 2·1 − 3)/2⌋ + 1');
    assert.equal(setFormula('ceil(max(a, b)/s)'), '⌈max(a, b)/s⌉');
    assert.equal(setSymbols('t1 + t12'), 't₁ + t₁₂');
  });

  it('every symbol of every known network has a meaning', () => {
    for (const name of ['bert-base', 'deeplab', 'gpt2-small', 'shufflenet', 'vit']) {
      const known = describeWalk(readReference(name).model, { id: name, title: name });
      for (const step of known.steps) {
        for (const { symbol, meaning } of saySymbols(step))
          assert.doesNotMatch(meaning, /^undefined/, `${name}, ${step.id}: ${symbol}`);
        assert.ok(symbolsOf(step).length <= 8);
      }
    }
  });

  it('a skip passes steps by, and a value knows who reads it', () => {
    const add = walk.steps.findIndex(({ id }) => id === 'layer1.0.add');
    const [from] = skipsOf(walk).find(([, to]) => to === add) ?? [];
    assert.ok(from !== undefined && from < add - 1);
    assert.ok(readersOf(walk, from).includes(add));
  });

  it('steps stay inside the walk', () => {
    assert.equal(goTo(first, -3).at, 0);
    assert.equal(goTo(first, 1e9).at, walk.steps.length - 1);
    assert.deepEqual([stepAtShare(walk, -1), stepAtShare(walk, 2)], [0, walk.steps.length - 1]);
  });

  it('the file holds a line for each step', () => {
    const [headings, line, ...others] = walkRows(walk);
    assert.equal(others.length, walk.steps.length - 1);
    assert.equal(line.length, headings.length);
    assert.match(String(line[6]), /⌊\(64 \+ 2·\d − \d\)\/\d⌋ \+ 1 = \d+/);
  });

  it('the address carries bundled networks only', () => {
    const own = sharedFields({ ...first, walk: { ...walk, id: 'mine' } });
    assert.equal(own.walk.write('mine'), '');
    assert.equal(own.step.write(4), '');
    const { walk: network, step } = sharedFields(first);
    assert.deepEqual([network.read('mine'), network.read('resnet-mixed')], [undefined, 'resnet-mixed']);
    assert.deepEqual([step.read('0'), step.read('12'), step.read('x')], [undefined, 12, undefined]);
  });
});

/** Every element with its attributes in the order of the alphabet, and its own text. */
function marksOf(stage: HTMLElement): string[] {
  return [...stage.querySelectorAll('*')].map((element) => {
    const attributes = [...element.attributes].map(({ name, value }) => `${name}="${value}"`);
    const text = element.childElementCount === 0 ? element.textContent : '';
    return `${element.localName} ${attributes.toSorted().join(' ')} ${text}`;
  });
}
