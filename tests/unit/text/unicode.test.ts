import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  DECOMPOSABLE,
  IDEOGRAPH,
  LETTER,
  MARK,
  NUMBER,
  PUNCTUATION,
  REMOVED,
  SPACE,
  characterAt,
  classes,
} from '../../../src/text/unicode/classes.ts';
import { combiningClassOf, decompose } from '../../../src/text/unicode/decompose.ts';
import { toLowerCase } from '../../../src/text/unicode/lower-case.ts';

const codesOf = (text: string): number[] => Array.from(text, (character) => character.codePointAt(0)!);

describe('classes', () => {
  const cases: [character: string, bits: number][] = [
    ['a', LETTER],
    ['é', LETTER | DECOMPOSABLE],
    ['中', LETTER | IDEOGRAPH],
    ['\uf900', LETTER | IDEOGRAPH | DECOMPOSABLE],
    ['½', NUMBER],
    ['\u3000', SPACE],
    // A control, but the library asks for white space first
    ['\t', SPACE],
    ['\u0000', REMOVED],
    ['\u200d', REMOVED],
    ['\u{10fffd}', REMOVED],
    ['\u0378', 0],
    ['$', PUNCTUATION],
    ['\u0301', MARK],
    // Younger than the library's tables of marks and of punctuation, though browsers know them
    ['\u1abf', 0],
    ['\u2e5d', 0],
  ];
  for (const [character, bits] of cases)
    it(`of ${JSON.stringify(character)}`, () => {
      assert.equal(classes[codesOf(character)[0]], bits);
    });

  it('read a surrogate without its partner as U+FFFD', () => {
    assert.deepEqual(
      [characterAt('\ud83d\ude00', 0), characterAt('\ud83d', 0), characterAt('\ude00', 0)],
      [0x1f600, 0xfffd, 0xfffd],
    );
  });
});

describe('decomposition', () => {
  for (const text of [
    'é',
    'e\u0323\u0301',
    'e\u0301\u0323',
    '\u1e69\u0323',
    '한국',
    '\u0344\u0323',
    '\u{1d160}',
    'a\u0345\u0300b\u0327',
    '\ufb2c',
  ])
    it(`is NFD for ${JSON.stringify(text)}`, () => {
      assert.equal(String.fromCodePoint(...decompose(codesOf(text)).codes), text.normalize('NFD'));
    });

  it('says where characters come from', () => {
    assert.deepEqual(decompose(codesOf('aéb')).sources, [0, 1, 1, 2]);
    assert.deepEqual(decompose(codesOf('한b')).sources, [0, 0, 0, 1]);
    // é and a mark that sorts before its accent: the accent follows what was taken last
    assert.deepEqual(decompose(codesOf('é\u0323')).sources, [0, 1, 1]);
  });

  it('keeps marks in place that are younger than the library', () => {
    const text = 'a\u1ac1\u0323';
    assert.equal(combiningClassOf(0x1ac1), 0);
    assert.deepEqual(decompose(codesOf(text)).codes, codesOf(text));
  });
});

describe('lower case', () => {
  it('of letters beside their pair, far from it, and without one', () => {
    assert.equal(String.fromCodePoint(...codesOf('AÀĀŹẞΣꚀⴀ𐐀𞤀Ꭰaßı').map(toLowerCase)), 'aàāźßσꚁⴀ𐐨𞤢ꭰaßı');
  });

  it('leaves İ to the caller', () => assert.equal(toLowerCase(0x130), 0x130));
});
