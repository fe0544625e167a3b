/** Figures drawn into a small DOM: twice gives the same, the page's draw equals the build's, and snapshots hold. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { firstBackbone, weightyBlocks } from '../../../src/figures/backbone/model.ts';
import { backboneShell } from '../../../src/figures/backbone/shell.ts';
import { drawBackbone } from '../../../src/figures/backbone/view.ts';
import { diagramNames, drawDiagram } from '../../../src/figures/diagrams/draw.ts';
import { drawStatic, makeStage } from '../../../src/figures/kit/static.ts';
import { firstState, type LensState } from '../../../src/figures/resnet-lens/model.ts';
import { lensShell } from '../../../src/figures/resnet-lens/shell.ts';
import { drawLens } from '../../../src/figures/resnet-lens/view.ts';
import {} from '../../../src/figures/resnet-lens/view-maps.ts';
import { drawReading } from '../../../src/figures/resnet-lens/view-reading.ts';
import { frame, gallery, makeStack, network } from './lens-fixture.ts';

const first = firstState(frame, gallery, 6_700_000);
const report = {
  backend: 'wasm' as const,
  threads: 2,
  precision: 'int8',
  elapsedMs: 6.1,
  note: '',
  storageRefused: false,
};
const states: Record<string, LensState> = {
  idle: first,
  loading: {
    ...first,
    status: 'loading',
    progress: { label: 'weights', receivedBytes: 1.8e6, totalBytes: 2.9e6 },
  },
  ready: { ...first, status: 'ready', isPrecomputed: false, report },
  'another picture': { ...first, picture: 1 },
  'a vector': {
    ...first,
    block: 'pool',
    result: { ...first.result, stacks: { pool: makeStack(60, 1, 1) } },
  },
  failed: {
    ...first,
    status: 'failed',
    problem: {
      message: 'The line broke.',
      advice: 'Try again.',
      kept: '',
      details: 'code: x',
      canRetry: true,
    },
  },
};

for (const [name, state] of Object.entries(states))
  test(`the lens, ${name}: drawn twice it is the same`, () => {
    const stage = makeStage(lensShell('a'));
    drawLens(stage, state);
    const once = stage.innerHTML;
    drawLens(stage, state);
    assert.equal(stage.innerHTML, once);
  });

test('the page takes over what the build drew, without changing it', () => {
  const built = drawStatic(lensShell('a'), (root) => drawLens(root, first));
  const stage = makeStage(built);
  const button = stage.querySelector('[data-part="blocks"] button');
  drawLens(stage, first);
  assert.equal(stage.innerHTML.replaceAll(' />', '/>'), built);
  assert.equal(stage.querySelector('[data-part="blocks"] button'), button, 'the button was replaced');
});

test('a state drawn over another equals the same state drawn alone', () => {
  for (const before of Object.values(states))
    for (const [name, after] of Object.entries(states)) {
      const stage = makeStage(lensShell('a'));
      drawLens(stage, before);
      drawLens(stage, after);
      assert.equal(textOf(stage), textOf(draw(after)), `to ${name}`);
    }
});

test('one button is pressed and is the only tab stop of its group', () => {
  const stage = draw(first);
  for (const part of ['pictures', 'blocks', 'maps']) {
    const group = `[data-part="${part}"] > button`;
    assert.equal(stage.querySelectorAll(`${group}[tabindex="0"]`).length, 1, part);
    assert.equal(stage.querySelectorAll(`${group}[aria-pressed="true"][tabindex="0"]`).length, 1, part);
  }
});

test('48 maps first, all on request', () => {
  const maps = (state: LensState) => draw(state).querySelectorAll('[data-part="maps"] > button').length;
  assert.equal(maps(first), 48);
  assert.equal(maps({ ...first, showsAll: true }), 60);
});

test('the button states the size, the line says what ran', () => {
  const text = (state: LensState, part: string) =>
    draw(state).querySelector(`[data-part="${part}"]`)?.textContent ?? '';
  assert.match(text(first, 'stage'), /6\.7\u202fMB/);
  assert.match(text(states['ready'] ?? first, 'line'), /WebAssembly · 2 threads.*6\.1\u202fms/);
  assert.match(text(states['loading'] ?? first, 'stage'), /1\.8 of 2\.9\u202fMB.*Cancel/);
  assert.match(text(states['failed'] ?? first, 'stage'), /The line broke\..*Try again/);
});

test('the table holds every tensor with shape, weights and MACs', () => {
  const rows = draw(first).querySelectorAll('[data-part="tensors"] tbody tr');
  const tensors = network.blocks.flatMap((block) => block.tensors);
  assert.equal(rows.length, tensors.length);
  assert.match(rows[0]?.textContent ?? '', /stem\.conv.*3×3 convolution, stride 2.*2×4×4.*4.*100.*frozen/);
});

test('a cell is read where the cursor stands', () => {
  const stage = draw(first);
  drawReading(stage, first, { row: 1, column: 0 });
  assert.match(stage.querySelector('[data-part="read"]')?.textContent ?? '', /row 2, column 1: 6/);
  assert.equal(stage.querySelectorAll('rect.reading').length, 1);
  drawReading(stage, first, undefined);
  assert.equal(stage.querySelectorAll('rect.reading').length, 0);
});

test('the backbone: drawn twice it is the same, and its words count its weights', () => {
  const state = { ...firstBackbone(frame, gallery, 1000), cut: 1 };
  const stage = makeStage(backboneShell(weightyBlocks(network).length));
  drawBackbone(stage, state);
  const once = stage.innerHTML;
  drawBackbone(stage, state);
  assert.equal(stage.innerHTML, once);
  assert.match(
    stage.querySelector('[data-part="sums"]')?.textContent ?? '',
    /4 weights stay.*39 weights move/,
  );
  assert.match(stage.querySelector('input[type="range"]')?.getAttribute('aria-valuetext') ?? '', /1\.1.*39/);
});

for (const name of diagramNames)
  test(`diagram ${name} looks as it was reviewed`, () => holds(name, drawDiagram(name, network)));

test('an unknown diagram stops the build with the names that exist', () =>
  assert.throws(() => drawDiagram('unknown', network), /three-approaches/));

test('no text of a diagram is smaller than 13 px or leaves its drawing', () => {
  const css = readFileSync(new URL('../../../src/figures/diagrams/diagrams.css', import.meta.url), 'utf8');
  for (const [, size = ''] of css.matchAll(/(\d+)px var\(--s/g)) assert.ok(Number(size) >= 13, `${size} px`);
  for (const name of diagramNames) {
    const stage = makeStage(drawDiagram(name, network));
    for (const svg of stage.querySelectorAll('svg'))
      for (const text of svg.querySelectorAll('text')) {
        const [x, y] = [Number(text.getAttribute('x')), Number(text.getAttribute('y'))];
        assert.ok(x >= 0 && x <= Number(svg.getAttribute('width')), `${name}: ${text.textContent} at x ${x}`);
        assert.ok(
          y >= 10 && y <= Number(svg.getAttribute('height')),
          `${name}: ${text.textContent} at y ${y}`,
        );
      }
  }
});

function draw(state: LensState): HTMLElement {
  const stage = makeStage(lensShell('a'));
  drawLens(stage, state);
  return stage;
}

function textOf(stage: HTMLElement): string {
  return stage.textContent.replaceAll(/\s+/g, ' ');
}

/** Compares with the reviewed drawing; on failure the new one is kept beside it. UPDATE_SNAPSHOTS=1 accepts it. */
function holds(name: string, markup: string): void {
  const path = fileURLToPath(new URL(`snapshots/${name}.svg.snap`, import.meta.url));
  const text = `${markup.replaceAll('><', '>\n<')}\n`;
  if (process.env['UPDATE_SNAPSHOTS'] && !process.env['CI']) writeFileSync(path, text);
  const reviewed = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const fresh = path.replace('.svg.snap', '.new.snap');
  if (text === reviewed) {
    rmSync(fresh, { force: true });
    return;
  }
  writeFileSync(fresh, text);
  assert.equal(text, reviewed, `${name} changed: look at ${fresh}`);
}
