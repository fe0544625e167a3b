/** Errors at a threshold, calibration, and the reader's own tables. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  calibrationOf,
  confusionAt,
  guessingShare,
  probabilitiesOf,
  type Answered,
} from '../../../../src/labs/sentiment/judge.ts';
import { mostPerLabel, readOwnTable } from '../../../../src/labs/sentiment/own-table.ts';

const answered = (label: number, probability: number): Answered => ({
  example: { sentence: '', label, subject: 'own' },
  probability,
});
const answers = [answered(1, 0.9), answered(1, 0.4), answered(0, 0.6), answered(0, 0.1), answered(0, 0.2)];

test('errors change places as the threshold moves', () => {
  assert.deepEqual(confusionAt(answers, 0.5).counts, [
    [2, 1],
    [1, 1],
  ]);
  const low = confusionAt(answers, 0.3);
  assert.deepEqual([low.recall, low.precision, low.accuracy.correct], [1, 2 / 3, 4]);
  assert.equal(confusionAt(answers, 1).precision, undefined);
  assert.equal(guessingShare(answers.map(({ example }) => example)), 0.6);
});

test('calibration compares what was said with what is', () => {
  const sure = [answered(1, 0.95), answered(1, 0.95), answered(0, 0.95), answered(1, 0.95)];
  const { bins, error } = calibrationOf(sure);
  assert.equal(bins.length, 10);
  assert.deepEqual([bins[9].count, bins[9].true], [4, 0.75]);
  assert.ok(Math.abs(error - 0.2) < 1e-9);
  assert.equal(calibrationOf([answered(1, 1), answered(0, 0)]).error, 0);
  assert.equal(calibrationOf([]).error, 0);
  assert.deepEqual(probabilitiesOf(Float32Array.of(0, 0, 0, 100)), [0.5, 1]);
});

const message = (text: string): string => {
  try {
    readOwnTable(text);
  } catch (error) {
    return (error as Error).message;
  }
  return '';
};

test('tables that cannot be used are told in a sentence', () => {
  assert.match(message(' \n'), /empty/);
  assert.match(message('text,label\n'), /no sentence/);
  assert.match(message('text,mark\nfine,1\n'), /no column “label”; it has “text”, “mark”/);
  assert.match(message('a'.repeat(100_000)), /no column “text” and no column “label”/);
  assert.match(message('text,label\ngood,positive\nfine,positive'), /All 2 sentences are positive/);
  assert.match(message('text,label\na,pos\nb,pos\nc,neg'), /Only 1 sentence is negative/);
  assert.match(message('text,label\na,maybe'), /Row 1 has the label “maybe”/);
  assert.match(message('text,label\n\u0007,1\n  ,0'), /No row of the table has any text/);
  assert.match(message('text,label\nPK\u0000,1'), /no text file/);
  assert.match(message(`text,label\n${'x'.repeat(1_000_001)}`), /1000000 are read/);
});

test('tables that can be used: any order of columns, other words for labels, quotes, emoji, right to left, unbalanced', () => {
  const table = readOwnTable(
    '\ufeffid,Label,Text\r\n1,pos,"Good, ""really"""\r\n2,0,😡😡\r\n3,1,הסוללה מצוינת\r\n4,neg,bad\u0007\r\n5,1,\r\n',
  );
  assert.deepEqual(table.sentences[0], { sentence: 'Good, "really"', label: 'positive' });
  assert.deepEqual(table.counts, { negative: 2, positive: 2 });
  assert.deepEqual([table.empty, table.isUnbalanced, table.sentences[3].sentence], [1, false, 'bad']);
  const many = readOwnTable(`text,label\nx,0\ny,0\n${'good,1\n'.repeat(300)}`);
  assert.deepEqual([many.isUnbalanced, many.surplus, many.counts.positive], [true, 300 - mostPerLabel, 300]);
});
