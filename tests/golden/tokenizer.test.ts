/** Our tokenizers against the `tokenizers` library, line by line: ids, offsets, words, segments and the text decoded again. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readByteBpe } from '../../src/text/byte-bpe/tokenizer.ts';
import type { DecodeOptions, Token } from '../../src/text/token.ts';
import type { PairTokenizer, WordPieceOptions } from '../../src/text/wordpiece/tokenizer.ts';
import { readWordPiece } from '../../src/text/wordpiece/tokenizer.ts';
import type { TokenizerGolden } from './tokenizer-lines.ts';
import {
  characterLines,
  checksumOf,
  checksumOfLines,
  drawLines,
  readOwn,
  readShared,
  readTokenizerGolden,
  rowOf,
} from './tokenizer-lines.ts';

const lines = drawLines();
const characters = characterLines();
/** The tokens of a line with this number, and their text. */
type Answer = (line: string, number: number) => { tokens: Token[]; decoded: string };

const wordPieceWays: Record<string, WordPieceOptions & DecodeOptions> = {
  lines: {},
  cased: { lowerCase: false, tidy: false },
  accents: { stripAccents: false },
  stripped: { lowerCase: false, stripAccents: true },
};

function wordPieceAnswers(bytes: Uint8Array): Record<string, Answer> {
  const answers = Object.entries(wordPieceWays).map(([way, options]): [string, Answer] => {
    const tokenizer = readWordPiece(bytes, options);
    return [way, (line) => answer(tokenizer, tokenizer.encode(line), options)];
  });
  const plain = readWordPiece(bytes);
  return { ...Object.fromEntries(answers), pairs: pairAnswer(plain) };
}

function pairAnswer(tokenizer: PairTokenizer): Answer {
  return (line, number) => {
    const next = lines[(number + 1) % lines.length];
    const tokens = tokenizer.encodePair(line, next, { maxLength: maxLengthOf(number) });
    return answer(tokenizer, tokens, { skipSpecial: false });
  };
}

function byteBpeAnswers(): Record<string, Answer> {
  const folder = 'tests/fixtures/tokenizers';
  const tokenizer = readByteBpe({
    vocabulary: readOwn(`${folder}/vocab.json`),
    merges: readOwn(`${folder}/merges.txt`),
  });
  return {
    lines: (line) => answer(tokenizer, tokenizer.encode(line), {}),
    cut: (line, number) =>
      answer(tokenizer, tokenizer.encode(line, { maxLength: maxLengthOf(number) }), { skipSpecial: false }),
  };
}

function answer(tokenizer: Pick<PairTokenizer, 'decode'>, tokens: Token[], how: DecodeOptions) {
  const ids = tokens.map(({ id }) => id);
  return { tokens, decoded: tokenizer.decode(ids, how) };
}

/** From 3, which leaves no token of a pair, upwards. */
const maxLengthOf = (number: number): number => 3 + ((number * 7) % 60);

function compare(texts: readonly string[], checksums: string, make: Answer): void {
  assert.equal(checksums.length, texts.length * 4, 'the golden is about another number of lines');
  const wrong = texts.flatMap((text, number) => {
    const { tokens, decoded } = make(text, number);
    return checksumOf(tokens, decoded) === checksums.slice(number * 4, number * 4 + 4) ? [] : [number];
  });
  const first = JSON.stringify(texts[wrong[0] ?? 0]);
  assert.equal(
    wrong.length,
    0,
    `${wrong.length} of ${texts.length} lines differ, first ${wrong[0]}: ${first}`,
  );
}

function compareAll(golden: TokenizerGolden, answers: Record<string, Answer>): void {
  const plain = answers.lines;
  it('reads the lines that the library read', () => {
    assert.ok(lines.length >= 5000);
    assert.equal(checksumOfLines(lines), golden.made.linesChecksum);
  });
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
  for (const [way, checksums] of Object.entries(golden.checksums))
    it(
      way === 'characters'
        ? 'agrees on every character of the planes in use'
        : `agrees on every line: ${way}`,
      () => compare(way === 'characters' ? characters : lines, checksums, answers[way] ?? plain),
    );
  for (const [file, checksums] of Object.entries(golden.files)) {
    const bytes = readShared(file);
    it(`agrees on the lines of ${file}`, { skip: bytes ? false : `skipped: no ../shared/${file}` }, () =>
      compare(new TextDecoder().decode(bytes).split('\n'), checksums, plain),
    );
  }
}

describe('WordPiece over our own vocabulary', () =>
  compareAll(
    readTokenizerGolden('bert-mini'),
    wordPieceAnswers(readOwn('public/models/bert-mini/vocab.txt')),
  ));

const reference = 'data/reference/bert-base-uncased-vocab.txt';
const referenceBytes = readShared(reference);
describe(
  "WordPiece over BERT's own 30,522 pieces",
  {
    skip: referenceBytes ? false : `skipped: no ../shared/${reference}`,
  },
  () => {
    if (referenceBytes) compareAll(readTokenizerGolden('bert-base'), wordPieceAnswers(referenceBytes));
  },
);

describe('byte-level BPE over the small vocabulary', () =>
  compareAll(readTokenizerGolden('byte-bpe'), byteBpeAnswers()));
