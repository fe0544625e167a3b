/** Our tokenizers against the `tokenizers` library, line by line: ids, offsets, words, segments and the text decoded again. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TokenizerAnswers } from './tokenizer-answers.ts';
import { byteBpeAnswers, differences, referenceVocabulary, wordPieceAnswers } from './tokenizer-answers.ts';
import { checksumOf, checksumOfLines, drawLines, readOwn, readShared, rowOf } from './tokenizer-lines.ts';

describe('the lines', () => {
  const lines = drawLines();
  it('are those that the library read', () => {
    assert.ok(lines.length >= 5000);
    const { golden } = byteBpeAnswers();
    assert.equal(checksumOfLines(lines), golden.made.linesChecksum);
  });

  it('have checksums that one wrong number changes', () => {
    const token = { id: 7, piece: 'a', start: 0, end: 1, word: 0, segment: 0 as const, isFrame: false };
    const right = checksumOf([token], 'a');
    for (const other of [{ id: 8 }, { start: 1 }, { end: 2 }, { word: null }, { segment: 1 as const }])
      assert.notEqual(checksumOf([{ ...token, ...other }], 'a'), right);
    assert.notEqual(checksumOf([token], 'b'), right);
  });
});

describe('WordPiece over our own vocabulary', () => {
  compareAll(wordPieceAnswers('bert-mini', readOwn('public/models/bert-mini/vocab.txt')));
});

const referenceBytes = readShared(referenceVocabulary);
const skip = referenceBytes ? false : `skipped: no ../shared/${referenceVocabulary}`;
describe("WordPiece over BERT's own 30,522 pieces", { skip }, () => {
  if (referenceBytes) compareAll(wordPieceAnswers('bert-base', referenceBytes));
});

describe('byte-level BPE over the small vocabulary', () => {
  compareAll(byteBpeAnswers());
});

function compareAll({ golden, plain, comparisons, missing }: TokenizerAnswers): void {
  for (const { text, pieces, rows, decoded } of golden.cases)
    it(`writes out ${JSON.stringify(text.slice(0, 40))}`, () => {
      const own = plain(text, 0);
      assert.deepEqual(
        own.tokens.map(({ piece }) => piece),
        pieces,
      );
      assert.deepEqual(own.tokens.map(rowOf), rows);
      assert.equal(own.decoded, decoded);
    });
  for (const comparison of comparisons)
    it(`agrees on every line: ${comparison.name}`, () => {
      const wrong = differences(comparison);
      const first = JSON.stringify(comparison.texts[wrong[0] ?? 0]);
      assert.equal(wrong.length, 0, `${wrong.length} lines differ, first number ${wrong[0]}: ${first}`);
    });
  for (const file of missing) it(`agrees on ${file}`, { skip: `skipped: no ../shared/${file}` }, () => {});
}
