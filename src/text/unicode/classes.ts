import * as tables from './tables.ts';

/** Bits of a character's classes in `classes`. */
export const LETTER = 1;
export const NUMBER = 2;
export const SPACE = 4;
export const REMOVED = 8;
export const PUNCTUATION = 16;
export const MARK = 32;
export const IDEOGRAPH = 64;
export const DECOMPOSABLE = 128;

/** What a surrogate without its partner is read as, and what BERT removes. */
export const REPLACEMENT = 0xfffd;

/** The classes of every code point, uint8 [0x110000], as the tables of the tokenizers library have them. */
export const classes: Uint8Array = unpackClasses();

/** A table's numbers. */
export function unpackNumbers(packed: string): number[] {
  return packed.split(' ').map((number) => parseInt(number, 36));
}

/** The character at a place of a text as a code point; U+FFFD for a surrogate without its partner. */
export function characterAt(text: string, index: number): number {
  const code = text.codePointAt(index) ?? REPLACEMENT;
  return code >= 0xd800 && code <= 0xdfff ? REPLACEMENT : code;
}

function unpackClasses(): Uint8Array {
  const bits = new Uint8Array(0x110000);
  const sets: [packed: string, bit: number][] = [
    [tables.letters, LETTER],
    [tables.numbers, NUMBER],
    [tables.spaces, SPACE],
    [tables.removed, REMOVED],
    [tables.punctuation, PUNCTUATION],
    [tables.marks, MARK],
    [tables.ideographs, IDEOGRAPH],
    [tables.decomposable, DECOMPOSABLE],
  ];
  for (const [packed, bit] of sets) {
    let code = 0;
    unpackNumbers(packed).forEach((length, index) => {
      const end = code + length;
      if (index % 2 === 0) code = end;
      else for (; code < end; code += 1) bits[code] |= bit;
    });
  }
  return bits;
}
