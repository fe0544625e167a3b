import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { byteCharacters, fromByteCharacters } from '../../../src/text/byte-bpe/alphabet.ts';
import { makeMerges, mergeBytes } from '../../../src/text/byte-bpe/merge.ts';
import { forEachPart } from '../../../src/text/byte-bpe/split.ts';
import { readByteBpe } from '../../../src/text/byte-bpe/tokenizer.ts';

const folder = new URL('../../fixtures/tokenizers/', import.meta.url);
const tokenizer = readByteBpe({
  vocabulary: readFileSync(new URL('vocab.json', folder)),
  merges: readFileSync(new URL('merges.txt', folder)),
});

describe("the bytes' alphabet", () => {
  it('has 256 characters, none of them twice, and writes a space as Ġ', () => {
    assert.equal(new Set(byteCharacters).size, 256);
    assert.deepEqual(
      [0x20, 0x0a, 0x61, 0xad, 0xff].map((byte) => byteCharacters[byte]),
      ['Ġ', 'Ċ', 'a', 'Ń', 'ÿ'],
    );
  });

  it('comes back, with U+FFFD for half a character and other pieces as they are', () => {
    assert.equal(fromByteCharacters(['ĠÃ', '©']), ' é');
    assert.equal(fromByteCharacters(['a', 'Ã', 'b']), 'a\ufffdb');
    assert.equal(fromByteCharacters(['<|中|>', 'Ġb']), '<|中|> b');
  });
});

describe("GPT-2's parts", () => {
  const cases: [text: string, parts: string[]][] = [
    ["we're they'Ve'll", ['we', "'re", ' they', "'", 'Ve', "'ll"]],
    ["'s 's !'s", ["'s", " '", 's', " !'", 's']],
    ['a  b\n\nc   ', ['a', ' ', ' b', '\n', '\n', 'c', '   ']],
    ['x1½!? y', ['x', '1½', '!?', ' y']],
    ['\u00a0a \u3000', ['\u00a0', 'a', ' \u3000']],
    ['né e\u0301', ['né', ' e', '\u0301']],
  ];
  for (const [text, expected] of cases)
    it(`parts ${JSON.stringify(text)}`, () => {
      const parts: string[] = [];
      forEachPart(text, 0, text.length, (from, to) => parts.push(text.slice(from, to)));
      assert.deepEqual(parts, expected);
    });

  it('does not look past its end', () => {
    const parts: string[] = [];
    forEachPart("a 're", 0, 4, (from, to) => parts.push("a 're".slice(from, to)));
    assert.deepEqual(parts, ['a', " '", 'r']);
  });
});

describe('merging', () => {
  // 0 a, 1 b, 2 ab, 3 aa, 4 aab
  const merges = makeMerges(
    [
      [0, 1, 2],
      [0, 0, 3],
      [3, 1, 4],
    ],
    5,
  );
  const cases: [bytes: number[], ids: number[], lengths: number[]][] = [
    [[], [], []],
    [[1], [1], [1]],
    [
      [0, 0, 1],
      [0, 2],
      [1, 2],
    ],
    [
      [0, 0, 0],
      [3, 0],
      [2, 1],
    ],
    [
      [0, 0, 0, 1, 1],
      [3, 2, 1],
      [2, 2, 1],
    ],
  ];
  for (const [bytes, ids, lengths] of cases)
    it(`merges ${bytes.join(' ') || 'nothing'}`, () =>
      assert.deepEqual(mergeBytes(bytes, merges), { ids, lengths }));
});

describe('byte-level BPE', () => {
  it('finds <|endoftext|> as written, and leaves it out of decoded text', () => {
    const text = 'The end<|endoftext|>The <|endoftext';
    const tokens = tokenizer.encode(text);
    assert.deepEqual(
      tokens.filter(({ piece }) => piece === '<|endoftext|>').map(({ start }) => start),
      [7],
    );
    const ids = tokens.map(({ id }) => id);
    assert.equal(tokenizer.decode(ids), 'The endThe <|endoftext');
    assert.equal(tokenizer.decode(ids, { skipSpecial: false }), text);
  });

  it('covers every unit of a text, and gives the text back', () => {
    const text = 'Naïve 👩‍👧 learners\n\n  thaw\u0000 it’s 中文';
    const tokens = tokenizer.encode(text);
    assert.equal(tokenizer.decode(tokens.map(({ id }) => id)), text);
    let reached = 0;
    for (const { start, end } of tokens) {
      assert.ok(start <= reached && end >= reached, `a gap at ${reached}`);
      reached = end;
    }
    assert.equal(reached, text.length);
  });

  it('reads a surrogate without its partner as U+FFFD, one unit long', () => {
    const tokens = tokenizer.encode('a\ud800b');
    assert.equal(tokenizer.decode(tokens.map(({ id }) => id)), 'a\ufffdb');
    assert.deepEqual([tokens[1]?.start, tokens[1]?.end], [1, 2]);
  });

  it('cuts at the length', () => {
    const whole = tokenizer.encode('Freeze the backbone, train the head.');
    assert.deepEqual(
      tokenizer.encode('Freeze the backbone, train the head.', { maxLength: 4 }),
      whole.slice(0, 4),
    );
  });

  it('takes 100,000 letters without a space', () => {
    const text = 'thaw'.repeat(25_000);
    assert.equal(tokenizer.decode(tokenizer.encode(text).map(({ id }) => id)), text);
  });
});
