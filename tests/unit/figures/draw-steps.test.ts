/** A drawing in steps: only what changed is drawn, a large change over several frames, and always the newest state. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { drawAlways, drawOverFrames, drawSteps, type DrawStep } from '../../../src/figures/kit/draw-steps.ts';

const page = { hidden: false };
let frames = 0;
let drawn: string[] = [];

beforeEach(() => {
  page.hidden = false;
  frames = 0;
  drawn = [];
  Object.assign(globalThis, {
    document: page,
    requestAnimationFrame: (draw: () => void) => {
      frames += 1;
      setImmediate(draw);
    },
  });
});

const root = () => ({}) as Element;
const never = new AbortController().signal;

function step(name: string, from?: readonly unknown[]): DrawStep {
  return { name, ...(from && { from }), draw: () => void drawn.push(name) };
}

/** Marks in groups of `most`; redrawn from the first whenever the grounds change. */
function marks(ground: { left: number }): DrawStep {
  return {
    name: 'marks',
    from: [ground],
    draw: (most) => {
      const now = Math.min(most, ground.left);
      ground.left -= now;
      drawn.push(`${now} marks`);
      return ground.left > 0;
    },
  };
}

test('a step is drawn again only when what it draws from has changed, one without grounds always', () => {
  const here = root();
  const numbers = [1, 2];
  drawSteps(here, [step('line'), step('map', [numbers])]);
  drawSteps(here, [step('line'), step('map', [numbers])]);
  drawSteps(here, [step('line'), step('map', [[1, 2]])]);
  assert.deepEqual(drawn, ['line', 'map', 'line', 'line', 'map']);
  drawSteps(root(), [step('map', [numbers])]);
  assert.equal(drawn.at(-1), 'map', 'another figure’s drawing was taken for this one’s');
});

test('many marks are spread over frames; the rest waits for none of them', async () => {
  const here = root();
  const ground = { left: 30 };
  drawAlways(here, [step('line'), marks(ground)]);
  assert.deepEqual(drawn, ['line']);
  await drawOverFrames(here, () => [step('line'), marks(ground)], never);
  assert.deepEqual(drawn, ['line', '12 marks', '12 marks', '6 marks']);
  await drawOverFrames(here, () => [step('line'), marks(ground)], never);
  assert.equal(drawn.length, 4, 'what stood was drawn again');
});

test('a slow step has a frame of its own', async () => {
  const slow = (name: string): DrawStep => ({
    name,
    from: [1],
    draw: () => {
      const startedAt = performance.now();
      while (performance.now() - startedAt < 5);
      drawn.push(`${name} after ${frames}`);
    },
  });
  await drawOverFrames(root(), () => [slow('first'), slow('second')], never);
  assert.deepEqual(drawn, ['first after 0', 'second after 1']);
});

test('each frame draws the newest state, and nothing after the figure has gone', async () => {
  const here = root();
  const gone = new AbortController();
  let ground = { left: 30 };
  await drawOverFrames(
    here,
    () => {
      if (drawn.length === 1) ground = { left: 5 };
      if (drawn.length === 2) gone.abort();
      return [marks(ground)];
    },
    gone.signal,
  );
  assert.deepEqual(drawn, ['12 marks', '5 marks']);
  const late = { left: 30 };
  await drawOverFrames(here, () => [marks(late)], gone.signal);
  assert.equal(late.left, 30);
});

test('a page that nobody sees is drawn at once: it has no frames', async () => {
  page.hidden = true;
  const ground = { left: 30 };
  await drawOverFrames(root(), () => [marks(ground)], never);
  assert.deepEqual(drawn, ['30 marks']);
  assert.equal(frames, 0);
});
