/** A training of the sentiment figure whose device goes away: it goes on elsewhere, and ends as if nothing had been. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isThawError, ThawError } from '../../../../src/engine/errors.ts';
import type { LoadedModel } from '../../../../src/engine/runtime/types.ts';
import { runMatrix, withCell, type Matrix } from '../../../../src/labs/sentiment/matrix.ts';
import { runSentiment, type RunEvent, type RunRequest } from '../../../../src/labs/sentiment/run.ts';
import { firstSettings } from '../../../../src/labs/sentiment/settings.ts';
import { library, openHere } from './fixture.ts';

const never = new AbortController().signal;

/** The network on a graphics device that goes away after so many steps of its trainings. */
function failing(model: LoadedModel, after: number): LoadedModel {
  const lost = new ThawError({
    code: 'device-lost',
    message: 'The graphics card went away.',
    advice: 'Again.',
  });
  return {
    ...model,
    report: { ...model.report, backend: 'webgpu' },
    async train(order) {
      const training = await model.train(order);
      return {
        ...training,
        drive: ({ onNews = () => undefined, ...more } = {}) =>
          training.drive({
            ...more,
            onNews(news) {
              onNews(news);
              if (news.kind === 'step' && news.report.step === after) throw lost;
            },
          }),
      };
    },
  };
}

test('a run whose device goes away goes on elsewhere and ends as if nothing had been', async () => {
  const here = await openHere();
  const settings = { ...firstSettings, shots: 5 as const, epochs: 4 };
  const undisturbed: RunEvent[] = [];
  for await (const event of runSentiment({ ...here, settings, signal: never })) undisturbed.push(event);
  const model = failing(here.model, 1);
  const failures: LoadedModel[] = [];
  const rescue = (_: unknown, failed: LoadedModel) => {
    failures.push(failed);
    return Promise.resolve(here.model);
  };
  const events: RunEvent[] = [];
  for await (const event of runSentiment({ ...here, model, settings, signal: never, rescue }))
    events.push(event);
  assert.equal(failures.length, 1);
  assert.equal(failures[0], model);
  assert.equal(events.filter(({ kind }) => kind === 'opened').length, 2);
  const rescued = events.find((event) => event.kind === 'rescued');
  assert.ok(rescued && rescued.step > 0 && rescued.step <= 2, JSON.stringify(rescued));
  const [end, expected] = [events.at(-1), undisturbed.at(-1)];
  assert.ok(end?.kind === 'finished' && expected?.kind === 'finished');
  end.answers.forEach(({ probability }, at) =>
    assert.ok(Math.abs(probability - expected.answers[at].probability) < 1e-5, `${at}`),
  );
  // without a rescue the failure is told
  await assert.rejects(
    async () => {
      for await (const event of runSentiment({
        ...here,
        model: failing(here.model, 1),
        settings,
        signal: never,
      }))
        assert.notEqual(event.kind, 'rescued');
    },
    (error) => isThawError(error, 'device-lost'),
  );
});

test('a matrix whose device goes away begins the row again', async () => {
  const here = await openHere();
  const settings = { ...firstSettings, shots: 5 as const, epochs: 1 };
  const two = { films: library.films, phones: library.phones };
  const request = { ...here, library: two, settings, signal: never };
  const cells = async (more: Partial<RunRequest>) => {
    let matrix: Matrix = {};
    const rescued: string[] = [];
    for await (const event of runMatrix({ ...request, ...more }))
      if (event.kind === 'cell') matrix = withCell(matrix, event.row, event.column, event.cell);
      else if (event.kind === 'rescued') rescued.push(event.row);
    return { matrix, rescued };
  };
  const whole = await cells({});
  const model = failing(here.model, 1);
  const again = await cells({ model, rescue: () => Promise.resolve(here.model) });
  assert.deepEqual(again, { matrix: whole.matrix, rescued: ['films'] });
});
