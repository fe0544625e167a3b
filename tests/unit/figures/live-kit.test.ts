/** What figures that run networks share: texts that stay, panels that wait, runs that gather, names that lie under no curve. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { select } from 'd3';
import { parseHTML } from 'linkedom';
import { saying, whenOther } from '../../../src/figures/kit/join.ts';
import { drawRunChart } from '../../../src/figures/kit/run-chart.ts';
import { accuracyChart } from '../../../src/figures/kit/run-curves.ts';
import { createRunDrawing, drawEveryMs } from '../../../src/figures/kit/run-drawing.ts';
import { describeSteps } from '../../../src/figures/kit/run-stage.ts';

test('an equal text is left as it stands: the page is not laid out for it', () => {
  const { document } = parseHTML('<ul><li>ice</li><li>fire</li></ul>');
  const items = select(document.querySelector('ul')).selectAll<HTMLElement, string>('li');
  const before = [...document.querySelectorAll('li')].map((item) => item.firstChild);
  items.data(['ice', 'ember']).each(saying((word) => word));
  const after = [...document.querySelectorAll('li')].map((item) => item.firstChild);
  assert.equal(after[0], before[0]);
  assert.equal(after[1]?.textContent, 'ember');
});

test('a panel is drawn again when something of its own is another', () => {
  const { document } = parseHTML('<p></p>');
  const panel = document.querySelector('p');
  assert.ok(panel);
  const reading = {};
  let drawn = 0;
  for (const inputs of [[reading, 1], [reading, 1], [reading, 2], [{}, 2], [{}]])
    whenOther(panel, inputs, () => (drawn += 1));
  assert.equal(drawn, 4);
});

test('steps that come faster than they can be drawn gather', (t: TestContext) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let shown: { step: number; loss?: number } | undefined = { step: 0 };
  let draws = 0;
  const drawing = createRunDrawing(
    () => shown,
    (run) => {
      shown = run;
      draws += 1;
    },
  );
  for (let step = 1; step <= 5; step++) drawing.change({ step });
  assert.deepEqual([drawing.now()?.step, draws], [5, 0]);
  t.mock.timers.tick(drawEveryMs);
  assert.deepEqual([shown, draws], [{ step: 5 }, 1]);
  drawing.change({ loss: 1 });
  drawing.flush();
  assert.deepEqual(shown, { step: 5, loss: 1 });
  drawing.change({ step: 9 });
  drawing.drop();
  t.mock.timers.tick(drawEveryMs);
  assert.deepEqual([shown, draws], [{ step: 5, loss: 1 }, 2]);
});

test('what guessing gives is named where no curve runs', () => {
  const placeOf = (shares: readonly number[]) => {
    const { document } = parseHTML('<svg></svg>');
    const svg = document.querySelector('svg') as unknown as SVGSVGElement;
    const accuracies = shares.map((share, at) => ({ step: at * 10, accuracy: { share } }));
    const curve = { letter: 'A', isNow: true, losses: [], accuracies };
    drawRunChart(
      svg,
      accuracyChart([curve], { value: 0.5, name: 'guessing' }, (runs) => runs),
    );
    const name = svg.querySelector('.level text');
    const line = Number(
      /M\d+ ([\d.]+)H/.exec(svg.querySelector('.level path')?.getAttribute('d') ?? '')?.[1],
    );
    return [name?.getAttribute('text-anchor'), Number(name?.getAttribute('y')) < line ? 'above' : 'below'];
  };
  assert.deepEqual(placeOf([0.9, 0.9, 0.9]), ['end', 'above']);
  assert.deepEqual(placeOf([0.5, 0.52, 0.55]), ['end', 'below']);
  assert.deepEqual(placeOf([0.9, 0.9, 0.8, 0.1]), ['start', 'above']);
  // a long step whose ends are far away runs through it all the same
  assert.deepEqual(placeOf([0.9, 0.9, 0.9, 0.9, 0.9, 0.1]), ['start', 'above']);
});

test('the time left is told once a step has been taken that made nothing ready', () => {
  const run = { steps: 40, stepMs: 500, isPaused: false };
  assert.match(describeSteps({ ...run, step: 1 }), /^step 1 of 40\. /);
  assert.match(describeSteps({ ...run, step: 2 }), /^step 2 of 40, about 19 s left\. /);
  assert.equal(describeSteps({ ...run, step: 1, isPaused: true }), 'step 1 of 40, paused');
});
