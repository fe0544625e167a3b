/** Broken vocabulary files are refused with a sentence that says what is wrong and where. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isThawError } from '../../../src/engine/errors.ts';
import { byteCharacters } from '../../../src/text/byte-bpe/alphabet.ts';
import { readByteBpe } from '../../../src/text/byte-bpe/tokenizer.ts';
import { readWordPiece } from '../../../src/text/wordpiece/tokenizer.ts';

const special = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'];
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const notUtf8 = Uint8Array.from([0x61, 0xff, 0x0a]);

function complaint(act: () => unknown): string {
  let caught: unknown;
  try {
    act();
  } catch (error) {
    caught = error;
  }
  assert.ok(isThawError(caught, 'bad-vocabulary'), `expected a bad-vocabulary, got ${String(caught)}`);
  assert.ok(caught.advice);
  return caught.message;
}

describe('vocab.txt', () => {
  const cases: [name: string, bytes: Uint8Array, says: RegExp][] = [
    ['an empty file', bytesOf(''), /vocab\.txt is not a usable vocabulary: it is empty/],
    ['bytes that are no text', notUtf8, /not UTF-8/],
    ['no [UNK]', bytesOf('[PAD]\n[CLS]\n[SEP]\na\n'), /no piece \[UNK\]/],
    ['no [SEP]', bytesOf('[UNK]\n[CLS]\na\n'), /no piece \[SEP\]/],
    [
      'a piece that stands twice',
      bytesOf([...special, 'a', 'b', 'a'].join('\n')),
      /lines 6 and 8 are the same, "a"/,
    ],
    [
      'a blank line in the middle and another',
      bytesOf(`${special.join('\n')}\n\na\n\nb`),
      /lines 6 and 8 are the same, ""/,
    ],
  ];
  for (const [name, bytes, says] of cases)
    it(`refuses ${name}`, () =>
      assert.match(
        complaint(() => readWordPiece(bytes)),
        says,
      ));

  it('names the file as the caller does', () => {
    assert.match(
      complaint(() => readWordPiece(bytesOf(''), { file: 'bert-mini/vocab.txt' })),
      /^bert-mini\/vocab\.txt /,
    );
  });

  it('reads a byte order mark, CRLF and a last line without an end', () => {
    const tokenizer = readWordPiece(bytesOf(`\ufeff${[...special, 'thaw', '##ed'].join('\r\n')}`));
    assert.equal(tokenizer.size, 7);
    assert.deepEqual(
      tokenizer.encode('thawed').map(({ piece }) => piece),
      ['[CLS]', 'thaw', '##ed', '[SEP]'],
    );
  });
});

describe('vocab.json and merges.txt', () => {
  const letters = Object.fromEntries(byteCharacters.map((character, byte) => [character, byte]));
  const whole = JSON.stringify({ ...letters, ab: 256 });
  const read =
    (vocabulary: string | Uint8Array, merges: string | Uint8Array = 'a b\n') =>
    () =>
      readByteBpe({
        vocabulary: typeof vocabulary === 'string' ? bytesOf(vocabulary) : vocabulary,
        merges: typeof merges === 'string' ? bytesOf(merges) : merges,
      });
  const cases: [name: string, act: () => unknown, says: RegExp][] = [
    ['an empty vocabulary', read(''), /vocab\.json is not a usable vocabulary: it is empty/],
    ['a vocabulary that is no text', read(notUtf8), /vocab\.json .* not UTF-8/],
    ['a vocabulary cut short', read(whole.slice(0, -9)), /not JSON/],
    ['a list', read('["a"]'), /an object of pieces and their numbers/],
    ['no pieces', read('{}'), /no pieces/],
    [
      'a number twice',
      read(JSON.stringify({ ...letters, ab: 255, cd: 256 })),
      /"ÿ" and "ab" both have the number 255/,
    ],
    [
      'a number left out',
      read(JSON.stringify({ ...letters, ab: 300 })),
      /the number of "ab" should lie between 0 and 256, and is 300/,
    ],
    ['a number that is none', read(JSON.stringify({ ...letters, ab: 'x' })), /and is "x"/],
    ['a byte without a piece', read(JSON.stringify({ a: 0, b: 1 })), /no piece "Ā" for the byte 0/],
    ['empty merges', read(whole, ''), /merges\.txt .* empty/],
    ['merges that are no text', read(whole, notUtf8), /merges\.txt .* not UTF-8/],
    [
      'a merge that stands twice',
      read(whole, '#version: 0.2\na b\na b\n'),
      /lines 2 and 3 are the same, "a b"/,
    ],
    [
      'a merge of three',
      read(whole, 'a b c\n'),
      /line 1 should be two pieces with a space between, and is "a b c"/,
    ],
    [
      'a merge into a piece that is missing',
      read(whole, '#version: 0.2\na b\nb a\n'),
      /line 3 uses "ba", which the vocabulary does not have/,
    ],
  ];
  for (const [name, act, says] of cases) it(`refuses ${name}`, () => assert.match(complaint(act), says));

  it('reads what is whole', () => {
    const tokenizer = read(whole)();
    assert.deepEqual(
      tokenizer.encode('abab').map(({ piece }) => piece),
      ['ab', 'ab'],
    );
  });
});
