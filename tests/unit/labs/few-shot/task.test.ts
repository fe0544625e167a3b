/** Few-shot tasks: nothing in both parts, the same task from the same seed, sentences for what cannot be drawn. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isThawError } from '../../../../src/engine/errors.ts';
import {
  categoriesOf,
  listDrawings,
  parseDrawingIndex,
  stylesOf,
} from '../../../../src/labs/few-shot/drawings.ts';
import {
  categoryPools,
  conceptPools,
  drawConcepts,
  sampleTask,
  type Labelled,
} from '../../../../src/labs/few-shot/task.ts';
import { index } from './index-fixture.ts';

const all = stylesOf(index, 'all');
const names = index.concepts.map(({ name }) => name);
const tiles = (pictures: readonly Labelled[]) => pictures.map(({ drawing }) => drawing.tile);

test('drawings come style by style, those that a style lacks left out', () => {
  const drawings = listDrawings(index, ['snail', 'carrot'], ['openmoji', 'noto']);
  assert.deepEqual(
    drawings.map(({ concept, style, tile }) => [concept, style, tile]),
    [
      ['carrot', 'openmoji', 11],
      ['snail', 'noto', 3],
      ['carrot', 'noto', 9],
    ],
  );
  assert.throws(
    () => listDrawings(index, ['unicorn'], all),
    /no drawings of "unicorn"; there are owl, snail/,
  );
});

test('styles by what was trained, categories in their order', () => {
  assert.deepEqual(stylesOf(index, 'trained'), ['noto', 'twemoji']);
  assert.deepEqual(stylesOf(index, 'unseen'), ['openmoji']);
  assert.deepEqual(categoriesOf(index), ['animals', 'food']);
});

test('a task never asks about a drawing that it taught', () => {
  const pools = conceptPools(index, ['owl', 'pizza', 'carrot'], { teachStyles: all, askStyles: all });
  for (let seed = 0; seed < 20; seed++) {
    const task = sampleTask(pools, { shots: 2, seed });
    assert.equal(task.support.length, 6);
    assert.equal(task.query.length, 3);
    assert.equal(new Set([...tiles(task.support), ...tiles(task.query)]).size, 9);
    for (const { drawing, label } of [...task.support, ...task.query])
      assert.equal(drawing.concept, task.names[label]);
  }
});

test('the same seed draws the same task, another seed another', () => {
  const pools = conceptPools(index, names, { teachStyles: all, askStyles: all });
  const draw = (seed: number) => sampleTask(pools, { ways: 2, shots: 1, seed });
  assert.deepEqual(draw(4), draw(4));
  const kinds = new Set(Array.from({ length: 20 }, (_, seed) => JSON.stringify(draw(seed))));
  assert.ok(kinds.size > 10, `${kinds.size} different tasks from 20 seeds`);
});

test('more examples contain fewer, and the questions stay the same when room is reserved', () => {
  const pools = conceptPools(index, ['owl', 'pizza', 'carrot'], { teachStyles: all, askStyles: all });
  const [one, two] = [1, 2].map((shots) => sampleTask(pools, { shots, seed: 9, reserved: 2 }));
  assert.ok(tiles(one.support).every((tile) => tiles(two.support).includes(tile)));
  assert.deepEqual(tiles(one.query), tiles(two.query));
  assert.equal(one.query.length, 3);
});

test('a category is asked about by concepts that did not teach it', () => {
  for (let seed = 0; seed < 10; seed++) {
    const pools = categoryPools(
      index,
      { teachStyles: stylesOf(index, 'trained'), askStyles: ['openmoji'] },
      seed,
    );
    assert.deepEqual(
      pools.map(({ name }) => name),
      ['animals', 'food'],
    );
    for (const { name, teach, ask } of pools) {
      const taught = new Set(teach.map(({ concept }) => concept));
      assert.ok(ask.every(({ concept, category }) => category === name && !taught.has(concept)));
      assert.equal(teach.length, 2);
    }
  }
});

test('concepts are drawn from one category or from all, in their order', () => {
  assert.deepEqual(drawConcepts(index, { category: 'food', count: 9, seed: 1 }), ['pizza', 'carrot']);
  const drawn = drawConcepts(index, { count: 2, seed: 3 });
  assert.equal(drawn.length, 2);
  assert.deepEqual(
    drawn,
    names.filter((name) => drawn.includes(name)),
  );
});

test('what cannot be drawn is refused with a sentence', () => {
  const pools = conceptPools(index, names, { teachStyles: all, askStyles: all });
  const refused = (run: () => unknown, words: RegExp) =>
    assert.throws(
      run,
      (error) => isThawError(error, 'bad-input') && words.test(error.message) && error.advice !== '',
    );
  refused(() => sampleTask(pools.slice(0, 1), { shots: 1, seed: 1 }), /at least 2 classes; 1 are there/);
  refused(() => sampleTask([], { shots: 1, seed: 1 }), /0 are there/);
  refused(() => sampleTask(pools, { shots: 0, seed: 1 }), /0 examples/);
  refused(
    () => sampleTask(pools, { shots: 3, seed: 1 }),
    /“snail” has 2 drawings to learn from, 3 are asked/,
  );
  refused(() => sampleTask([pools[0], pools[0]], { shots: 1, seed: 1 }), /Two classes are called “owl”/);
  refused(() => parseDrawingIndex({ tileSizePx: 64 }), /targets\.json/);
  assert.equal(parseDrawingIndex(JSON.parse(JSON.stringify(index))).columns, 3);
});
