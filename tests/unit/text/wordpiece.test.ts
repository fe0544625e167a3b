import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isThawError } from '../../../src/engine/errors.ts';
import type { Token } from '../../../src/text/token.ts';
import { decodePieces } from '../../../src/text/wordpiece/decode.ts';
import { readWordPiece } from '../../../src/text/wordpiece/tokenizer.ts';

const special = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'];
const pieces = [
  ...special,
  'un',
  '##aff',
  '##able',
  '##a',
  'naive',
  'a',
  'b',
  'c',
  "'",
  '.',
  ',',
  'i',
  '中',
  '😀',
  '##😀',
];
const tokenizer = readWordPiece(new TextEncoder().encode(pieces.join('\n')));
const written = (tokens: readonly Token[]): string[] => tokens.map(({ piece }) => piece);
const places = (text: string): string[] =>
  tokenizer.encode(text, { withFrame: false }).map(({ start, end }) => text.slice(start, end));

describe('WordPiece', () => {
  const cases: [text: string, pieces: string[]][] = [
    ['', []],
    ['Unaffable,NAÏVE', ['un', '##aff', '##able', ',', 'naive']],
    ["un'zz", ['un', "'", '[UNK]']],
    ['a[MASK]b', ['a', '[MASK]', 'b']],
    ['[mask]', ['[UNK]', '[UNK]', '[UNK]']],
    ['a中b', ['a', '中', 'b']],
    ['😀😀', ['😀', '##😀']],
    ['a\u0000\u200bb', ['[UNK]']],
    ['İ', ['i']],
    [`${'a'.repeat(100)} ${'a'.repeat(101)}`, ['a', ...Array.from({ length: 99 }, () => '##a'), '[UNK]']],
  ];
  for (const [text, expected] of cases)
    it(`parts ${JSON.stringify(text.slice(0, 30))}`, () =>
      assert.deepEqual(written(tokenizer.encode(text, { withFrame: false })), expected));

  it('gives places in the text as it was typed, in UTF-16 units', () => {
    assert.deepEqual(places('😀 Nai\u0308ve, naïve. İ'), ['😀', 'Nai\u0308ve', ',', 'naïve', '.', 'İ']);
    assert.deepEqual(places('ａ \ud800a\udfff'), ['ａ', 'a']);
  });

  it('reads a surrogate without its partner as a character that BERT removes', () => {
    assert.deepEqual(written(tokenizer.encode('un\ud83daff\udc00able', { withFrame: false })), [
      'un',
      '##aff',
      '##able',
    ]);
  });

  it('numbers words, and frames one text and two', () => {
    const tokens = tokenizer.encodePair("a'b", 'unaffable');
    assert.deepEqual(written(tokens), ['[CLS]', 'a', "'", 'b', '[SEP]', 'un', '##aff', '##able', '[SEP]']);
    assert.deepEqual(
      tokens.map(({ word }) => word),
      [null, 0, 1, 2, null, 0, 0, 0, null],
    );
    assert.deepEqual(
      tokens.map(({ segment }) => segment),
      [0, 0, 0, 0, 0, 1, 1, 1, 1],
    );
    assert.deepEqual(
      tokens.map(({ isFrame }) => isFrame),
      [true, false, false, false, true, false, false, false, true],
    );
    assert.deepEqual(written(tokenizer.encodePair('a', 'b', { withFrame: false })), ['a', 'b']);
  });

  const cuts: [first: number, second: number, maxLength: number, kept: [number, number]][] = [
    [5, 5, 13, [5, 5]],
    [8, 2, 9, [4, 2]],
    [2, 8, 9, [2, 4]],
    [6, 6, 10, [3, 4]],
    [7, 6, 10, [4, 3]],
    [0, 6, 5, [0, 2]],
    [4, 4, 3, [0, 0]],
  ];
  for (const [first, second, maxLength, kept] of cuts)
    it(`keeps ${kept.join(' and ')} of ${first} and ${second} tokens in ${maxLength}`, () => {
      const tokens = tokenizer.encodePair('a '.repeat(first), 'b '.repeat(second), { maxLength });
      const count = (piece: string) => tokens.filter((token) => token.piece === piece).length;
      assert.deepEqual([count('a'), count('b')], kept);
      assert.equal(tokens.length, kept[0] + kept[1] + 3);
    });

  it('refuses a length that the frame alone exceeds', () => {
    for (const act of [
      () => tokenizer.encode('a', { maxLength: 1 }),
      () => tokenizer.encodePair('a', 'b', { maxLength: 2 }),
      () => tokenizer.encode('a', { maxLength: 2.5 }),
      () => tokenizer.encode('a', { maxLength: -1, withFrame: false }),
    ])
      assert.throws(act, (error) => isThawError(error, 'bad-input') && error.message.includes('too few'));
    assert.equal(tokenizer.encode('a', { maxLength: 2 }).length, 2);
  });

  it('decodes, with special tokens or without, tidied or as it is', () => {
    const ids = tokenizer.encode("Unaffable, a'b.").map(({ id }) => id);
    assert.equal(tokenizer.decode(ids), "unaffable, a ' b.");
    assert.equal(tokenizer.decode(ids, { tidy: false }), "unaffable , a ' b .");
    assert.equal(tokenizer.decode(ids, { skipSpecial: false }), "[CLS] unaffable, a ' b. [SEP]");
    assert.throws(() => tokenizer.decode([pieces.length]), /no piece number 20: this vocabulary ends at 19/);
  });

  it('tidies within a piece and the space before it, as the library does', () => {
    // decoders.WordPiece(cleanup=True).decode of tokenizers 0.23.3; BERT itself has no piece with an apostrophe and letters
    const endings = ["'s", 'it', "'s", 'do', "n't", 'I', "'m", 'we', "'ve", 'they', "'re", 'do not', 'go'];
    const marks = ['.', '!', '?', ',', 'a', "'", 'b', '##.', "##'s"];
    assert.equal(
      decodePieces([...endings, ...marks], true),
      "'s it's don't I'm we've they're don't go.!?, a ' b.'s",
    );
  });

  it('knows pieces by number and numbers by piece', () => {
    assert.equal(tokenizer.idOf('##aff'), 6);
    assert.equal(tokenizer.pieceOf(6), '##aff');
    assert.deepEqual([tokenizer.idOf('zz'), tokenizer.pieceOf(-1)], [undefined, undefined]);
  });

  it('takes 100,000 letters without a space, and as many marks on one letter', () => {
    assert.deepEqual(written(tokenizer.encode('a'.repeat(100_000), { withFrame: false })), ['[UNK]']);
    const marked = `a${'\u0301\u0323'.repeat(50_000)}`;
    assert.deepEqual(
      tokenizer.encode(marked, { withFrame: false }).map(({ piece, end }) => [piece, end]),
      [['a', 1]],
    );
  });
});
