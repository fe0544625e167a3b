import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { parseTextManifest } from '../../../../src/engine/registry/text-manifest.ts';
import {
  cutWindows,
  mostQuestionPieces,
  orderWindows,
  readQuestion,
  windowInputs,
} from '../../../../src/labs/page-answers/windows.ts';
import { longestAnswer } from '../../../../src/labs/page-answers/spans.ts';
import { readWordPiece } from '../../../../src/text/wordpiece/tokenizer.ts';

const path = 'public/full-size/bertsquad-12-int8/manifest.json';
const manifest = parseTextManifest(JSON.parse(readFileSync(path, 'utf8')), path);
const tokenizer = readWordPiece(readFileSync('public/models/bert-mini/vocab.txt'));
const unknown = manifest.input.special.unknown;

describe('cutWindows', () => {
  it('covers every token, and holds every answer of the longest length whole in some window', () => {
    for (const count of [1, 189, 190, 253, 254, 1000, 5001])
      for (const room of [189, 250]) {
        const windows = cutWindows(count, room);
        assert.equal(windows[0].from, 0);
        assert.equal(windows.at(-1)?.to, count);
        assert.ok(windows.every(({ from, to }) => to > from && to - from <= room));
        for (let first = 0; first + longestAnswer <= count; first += 1)
          assert.ok(
            windows.some(({ from, to }) => from <= first && first + longestAnswer <= to),
            `${first} of ${count} in ${room}`,
          );
      }
  });

  it('makes none of nothing, one of what fits, and refuses an overlap without a step', () => {
    assert.deepEqual(cutWindows(0, 100, 10), []);
    assert.deepEqual(cutWindows(100, 100, 10), [{ from: 0, to: 100 }]);
    assert.deepEqual(cutWindows(101, 100, 10), [
      { from: 0, to: 100 },
      { from: 90, to: 101 },
    ]);
    assert.throws(() => cutWindows(10, 10, 10), RangeError);
  });
});

describe('orderWindows', () => {
  const ask = (letters: string) => Array.from(letters, (letter) => ({ id: letter.charCodeAt(0) }));
  const page = ask('aabxaaca');
  const windows = cutWindows(8, 2, 0);

  it('puts the window with the rarest piece of the question first', () => {
    assert.deepEqual(orderWindows(windows, page, ask('axa'))[0], { from: 2, to: 4 });
    assert.deepEqual(orderWindows(windows, page, ask('ac'))[0], { from: 6, to: 8 });
  });

  it('keeps the order of the page where the question says nothing', () =>
    assert.deepEqual(orderWindows(windows, page, ask('zzz')), windows));
});

describe('readQuestion', () => {
  it('cuts a question of 100,000 letters in a moment', () => {
    const read = readQuestion('why '.repeat(25_000), tokenizer, unknown);
    assert.deepEqual([read.tokens.length, read.isCut, read.isKnown], [mostQuestionPieces, true, true]);
  });

  it('knows a question of emoji alone as unknown, and right-to-left text as text', () => {
    assert.equal(readQuestion('🦜🦜 🎉', tokenizer, unknown).isKnown, false);
    const hebrew = readQuestion('מה זה frozen?', tokenizer, unknown);
    assert.deepEqual([hebrew.isKnown, hebrew.isCut], [true, false]);
  });
});

describe('windowInputs', () => {
  it('is BERT’s frame of two texts, padded to the network’s length', () => {
    const question = tokenizer.encode('who', { withFrame: false });
    const window = tokenizer.encode('a parrot', { withFrame: false });
    const inputs = windowInputs(question, window, tokenizer, manifest.input);
    const pair = tokenizer.encodePair('who', 'a parrot');
    const numbers = (name: string) => [...inputs[name].data].map(Number);
    const zeros = Array.from({ length: 256 - pair.length }, () => 0);
    assert.deepEqual(numbers('input_ids:0'), [...pair.map(({ id }) => id), ...zeros]);
    assert.deepEqual(numbers('segment_ids:0'), [...pair.map(({ segment }) => segment), ...zeros]);
    assert.deepEqual(numbers('input_mask:0'), [...pair.map(() => 1), ...zeros]);
    assert.deepEqual(numbers('unique_ids_raw_output___9:0'), [0]);
    assert.deepEqual(inputs['input_ids:0'].shape, [1, 256]);
  });
});
