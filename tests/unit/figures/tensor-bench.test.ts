/** The bench's state and its drawing, without a browser. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import lessons from '../../../src/labs/tensor-bench/lessons.json' with { type: 'json' };
import { makeStage } from '../../../src/figures/kit/static.ts';
import { firstState } from '../../../src/figures/tensor-bench/first-state.ts';
import {
  addBehind,
  freshCells,
  indicesOf,
  lessonIds,
  readCodes,
  stepFrom,
  writeCodes,
  type BenchState,
  type LessonId,
} from '../../../src/figures/tensor-bench/model.ts';
import { benchShell } from '../../../src/figures/tensor-bench/shell.ts';
import { drawBench } from '../../../src/figures/tensor-bench/view.ts';

const lesson = (id: LessonId) => ({ id, cells: lessons.find((one) => one.id === id)!.cells });

/** The drawing of a state. */
function draw(state: BenchState): HTMLElement {
  const stage = makeStage(benchShell('bench-1'));
  drawBench(stage, state);
  return stage;
}

describe('the model', () => {
  it('has a lesson for each name', () => {
    assert.deepEqual(
      lessons.map(({ id }) => id),
      [...lessonIds],
    );
  });
  it('writes the reader’s cells into an address and reads them again', () => {
    const codes = ['print("é 🙂")', 'x = 1\nx'];
    assert.deepEqual(readCodes(writeCodes(codes, lesson('article'))), codes);
    assert.match(writeCodes(codes, lesson('article')), /^[\w-]+$/);
  });
  it('writes nothing for the lesson’s own cells, nor for a very long program', () => {
    assert.equal(
      writeCodes(
        lesson('batch').cells.map((lines) => lines.join('\n')),
        lesson('batch'),
      ),
      '',
    );
    assert.equal(writeCodes(['x'.repeat(9000)], lesson('article')), '');
  });
  it('refuses an address that holds no cells', () => {
    for (const text of ['', '!!', btoa('{"a":1}'), btoa('[1]'), btoa('[')])
      assert.equal(readCodes(text), undefined);
  });
  it('adds a cell behind another, with an id of its own', () => {
    const { cells, added } = addBehind(freshCells(['a', 'b']), 0);
    assert.deepEqual(
      cells.map(({ id }) => id),
      [0, added, 1],
    );
  });
  it('finds indices and steps', () => {
    assert.deepEqual(indicesOf([2, 3, 4], 17), [1, 1, 1]);
    assert.deepEqual(indicesOf([], 0), []);
    assert.equal(stepFrom([2, 3], 1, 'ArrowDown', 6), 4);
    assert.equal(stepFrom([2, 3], 1, 'End', 6), 5);
    assert.equal(stepFrom([2, 3], 0, 'ArrowLeft', 6), 0);
    assert.equal(stepFrom([2, 3], 0, 'a', 6), undefined);
  });
});

describe('the drawing', () => {
  it('shows output, result and tensors of every lesson, and an error with its line', () => {
    for (const id of lessonIds) {
      const stage = draw(firstState(lesson(id)));
      assert.equal(stage.querySelectorAll('.bench-cell').length, lesson(id).cells.length);
      assert.ok(stage.querySelectorAll('svg.bench-boxes g').length > 0, id);
    }
    const failed = draw(firstState(lesson('broadcasting'))).querySelector(
      '[data-part="error"]:not([hidden])',
    );
    assert.match(failed?.textContent ?? '', /^Line 2\nRuntimeError: The size of tensor a \(3\)/);
  });
  it('draws an axis of length 1 in front as a second index', () => {
    const state = firstState(lesson('article'));
    const [, batch] = state.cells[4].run!.tensors;
    assert.deepEqual([batch?.name, batch?.shape], ['two_d_tensor', [1, 3]]);
    const stage = draw({ ...state, pick: { cell: 4, tensor: 1, at: 2 } });
    assert.match(stage.textContent, /two_d_tensor\[0, 2\] = 2/);
  });
  it('lists every tensor with its elements in a table', () => {
    for (const id of lessonIds) {
      const state = firstState(lesson(id));
      const rows = [...draw(state).querySelectorAll('[data-part="numbers"] tbody tr')];
      const made = state.cells.flatMap(({ run }) => run?.tensors ?? []);
      assert.deepEqual(
        rows.map((row) => row.querySelector('th')?.textContent),
        made.map(({ name }) => name),
      );
      for (const [at, { shape, values }] of made.entries()) {
        const told = [...rows[at].querySelectorAll('td')].map(({ textContent }) => textContent);
        assert.equal(told[1], `[${shape.join(', ')}]`);
        assert.ok(told[4].startsWith(values.join(', ')), `${id}: ${told[4]}`);
      }
    }
  });
  it('draws four axes: rows of blocks, each axis named at its boxes', () => {
    const state = firstState({
      id: 'article',
      cells: [['import torch'], ['x = torch.arange(48).reshape(2, 3, 4, 2)']],
    });
    const drawing = draw(state).querySelector('svg.bench-boxes');
    const places = [...(drawing?.querySelectorAll('g') ?? [])].map((group) =>
      group.getAttribute('transform'),
    );
    assert.equal(new Set(places).size, 48, 'no two elements at one place');
    const [x, y] = [0, 1].map((axis) =>
      places.map((place) => Number(/(\d+) (\d+)/.exec(place ?? '')?.[axis + 1])),
    );
    // Elements [0, 0, 0, 0], [0, 1, 0, 0] and [1, 0, 0, 0]: the next block to the right, the next row of blocks below
    assert.ok(x[8] > x[1] && y[8] === y[0]);
    assert.ok(y[24] > y[6] && x[24] === x[0]);
    assert.deepEqual(
      [...(drawing?.querySelectorAll('text.axis') ?? [])].map(({ textContent }) => textContent),
      ['axis 3: 2 →', '2: 4 ↓', 'axis 0: 2 below each other, axis 1: 3 side by side'],
    );
  });
  it('draws the graph, and the cut that detach makes', () => {
    const stage = draw(firstState(lesson('autograd')));
    const half = [...stage.querySelectorAll('.bench-cell')][3];
    assert.ok(half?.querySelector('.node.leaf'));
    assert.ok(
      [...half.querySelectorAll('.node.operation')].some((node) =>
        node.textContent.startsWith('MulBackward0'),
      ),
    );
    assert.equal(half.querySelectorAll('path.is-cut').length, 1, 'a cut inside an expression');
    const cut = firstState({
      id: 'autograd',
      cells: [['import torch'], ['w = torch.ones(2, requires_grad=True)', 'z = w * 2', 'c = z.detach()']],
    });
    const marks = draw(cut);
    assert.equal(marks.querySelectorAll('path.is-cut').length, 1);
    assert.match(
      marks.querySelector('.bench-graph svg')?.getAttribute('aria-label') ?? '',
      /MulBackward0 to c, cut/,
    );
  });
  it('is the same when drawn twice', () => {
    const state = firstState(lesson('memory'));
    const stage = draw(state);
    const before = stage.innerHTML;
    drawBench(stage, state);
    assert.equal(stage.innerHTML, before);
  });
});
