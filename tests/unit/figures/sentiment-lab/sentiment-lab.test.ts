/** The sentiment figure's state, links, files and drawing. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readCsv } from '../../../../src/data/sentences/read-csv.ts';
import { answersCsv, logCsv } from '../../../../src/figures/sentiment-lab/csv.ts';
import { firstFrame } from '../../../../src/figures/sentiment-lab/data.ts';
import {
  choosable,
  curvesOf,
  findingOf,
  firstState,
  judged,
  matrixRows,
  sumOf,
  weighedWords,
  type Answered,
  type RunResult,
  type SentimentState,
} from '../../../../src/figures/sentiment-lab/model.ts';
import { readField } from '../../../../src/figures/sentiment-lab/read-field.ts';
import { fromShared, sharedFields, toShared } from '../../../../src/figures/sentiment-lab/share.ts';
import { sentimentShell } from '../../../../src/figures/sentiment-lab/shell.ts';
import { drawSentiment } from '../../../../src/figures/sentiment-lab/view.ts';
import { drawStatic, makeStage } from '../../../../src/figures/kit/static.ts';
import { readFields, writeFields } from '../../../../src/figures/kit/url-state.ts';
import { accuracyOf } from '../../../../src/labs/few-shot/accuracy.ts';
import { addRun, renameRun } from '../../../../src/labs/run-log.ts';
import { readOwnTable } from '../../../../src/labs/sentiment/own-table.ts';
import { firstSettings } from '../../../../src/labs/sentiment/settings.ts';

const first = firstState(firstFrame, 6_000_000);

const result: RunResult = {
  ...{ end: 'finished', steps: 2, losses: [0.7, 0.4], stepMs: 0.5, totalMs: 900, cachedBytes: 4096 },
  ...{ accuracies: [{ step: 2, accuracy: accuracyOf(50, 80) }], trainableParameters: 514, backend: 'here' },
};

const answered = (label: number, probability: number, sentence = 'So so.'): Answered => ({
  example: { sentence, label, subject: 'own' },
  probability,
});

/** A state in which everything has something to draw. */
const whole: SentimentState = {
  ...first,
  status: 'ready',
  run: {
    ...{ settings: firstSettings, step: 2, steps: 2, losses: [0.7, 0.4], accuracies: result.accuracies },
    ...{ stepMs: [1, 0.5], cachedBytes: 4096, trainableParameters: 514, isPaused: false, letter: 'A' },
  },
  log: addRun(first.log, firstSettings, result),
  answers: [answered(1, 0.9), answered(1, 0.3), answered(0, 0.6), answered(0, 0.2)],
  canAsk: true,
  sentence: 'Not bad.',
  reading: {
    ...{ sentence: 'Not bad.', probability: 0.62, frame: 0.1, cut: 3, unknown: 1, pieces: 3 },
    words: [
      { text: '<b>Not</b>', influence: -0.5 },
      { text: 'bad', influence: 1 },
    ],
  },
  own: readOwnTable('text,label\na,1\nb,1\nc,0\nd,0'),
  ownProblem: { message: 'The table is empty.', advice: 'Fill it.', kept: 'Kept.' },
};

test('drawing twice changes nothing, at build time and awake', () => {
  for (const state of [first, whole]) {
    const root = makeStage(sentimentShell('sentiment-1'));
    drawSentiment(root, state);
    const once = root.innerHTML;
    drawSentiment(root, state);
    assert.equal(root.innerHTML, once);
  }
  const still = drawStatic(sentimentShell('sentiment-1'), (root) => drawSentiment(root, first, false));
  assert.ok(Buffer.byteLength(still) < 24_000, `${Buffer.byteLength(still)} bytes of markup`);
  assert.equal(still.match(/<td/g)?.length, 16 + 16 * 5);
});

test('what was measured is what is drawn; words are text', () => {
  const root = makeStage(sentimentShell('sentiment-1'));
  drawSentiment(root, whole);
  const text = (part: string) => root.querySelector(`[data-part="${part}"]`)?.textContent ?? '';
  assert.equal(text('matrix').match(/\d+\u202f%/g)?.length, 16 * 3);
  assert.match(
    text('said'),
    /Run A: 50 of 80 held-out sentences are right, 63\u202f% \(52\u202f% to 72\u202f%/,
  );
  assert.match(text('verdict'), /^positive, 62\.0/);
  assert.equal(root.querySelector('[data-part="words"] b'), null);
  assert.match(text('words'), /<b>Not<\/b>−0\.50bad\+1\.00/);
  assert.match(text('notes'), /3 pieces did not fit[^]*1 of 3 pieces are not in the vocabulary/);
  assert.match(text('own-news'), /table is empty[^]*In use: 4 sentences/);
  assert.deepEqual(
    [...root.querySelectorAll('[data-part="errors"] td')].map((cell) => cell.textContent),
    ['1', '1', '1', '1'],
  );
});

test('the finding counts each held-out sentence once', () => {
  const { within, across, isGuessing } = findingOf(first.matrix);
  assert.deepEqual([within.asked, across.asked], [320, 320]);
  assert.equal(isGuessing, within.low <= 0.5 && across.low <= 0.5);
  const better = findingOf({
    films: { films: { correct: 70, asked: 80 }, phones: { correct: 60, asked: 80 } },
    phones: { phones: { correct: 70, asked: 80 }, films: { correct: 60, asked: 80 } },
  });
  assert.deepEqual([better.within.share, better.across.share, better.isGuessing], [0.875, 0.75, false]);
});

test('a link carries the settings, and nothing of the reader’s own', () => {
  const settings = {
    ...firstSettings,
    way: 'all' as const,
    sources: ['films', 'software'] as const,
    rate: 0.5,
  };
  const query = writeFields(sharedFields, toShared(settings), toShared(firstSettings), '');
  assert.match(query, /way=all&from=films_software/);
  assert.deepEqual(fromShared(firstSettings, readFields(sharedFields, query)), settings);
  const own = { ...firstSettings, sources: ['own'] as const, target: 'own' as const };
  assert.equal(writeFields(sharedFields, toShared(own), toShared(firstSettings), ''), '');
  for (const bad of [
    '?way=best',
    '?from=kettles',
    '?to=own',
    '?shots=3',
    '?epochs=0',
    '?rate=fast',
    '?seed=-1',
  ])
    assert.deepEqual(fromShared(firstSettings, readFields(sharedFields, bad)), firstSettings, bad);
});

test('fields take numbers and say what is wrong with others', () => {
  assert.equal(readField(firstSettings, 'rate', '0,02').settings.rate, 0.02);
  assert.match(readField(firstSettings, 'rate', 'fast').notice ?? '', /“fast” is no learning rate/);
  assert.match(readField(firstSettings, 'epochs', '101').notice ?? '', /from 1 to 100/);
  assert.equal(readField(firstSettings, 'to', 'films').settings.target, 'films');
});

test('files for a spreadsheet hold every number and no formula', () => {
  const log = renameRun(whole.log, 'A', '=cmd()');
  const [head, row] = readCsv(logCsv(log.runs));
  assert.equal(head.length, row.length);
  assert.equal(row[1], "'=cmd()");
  const answers = [answered(1, 0.9, '=1+1'), answered(0, 0.9, '@x'), answered(0, 0.1, 'fine, "really"')];
  assert.deepEqual(readCsv(answersCsv(answers, 0.5)).slice(1), [
    ["'=1+1", 'positive', 'positive', '0.9', 'own'],
    ["'@x", 'negative', 'positive', '0.9', 'own'],
    ['fine, "really"', 'negative', 'negative', '0.1', 'own'],
  ]);
});

test('the reader’s own domain stands in the choice and the matrix once there is one', () => {
  assert.equal(choosable(first).length, 4);
  assert.equal(choosable(whole).length, 5);
  assert.equal(matrixRows(whole).length, 5);
  assert.equal(matrixRows(whole)[4].cells[0].accuracy, undefined);
  assert.equal(sumOf(first).moving, 514);
  assert.equal(judged(first), undefined);
  assert.deepEqual(
    weighedWords({
      words: [
        { text: 'a', influence: -2 },
        { text: 'b', influence: 1 },
      ],
    }).map(({ strength }) => strength),
    [-1, 0.5],
  );
  assert.equal(curvesOf(whole).length, 1);
});
