import { specialFinder } from '../special-tokens.ts';
import type { DecodeOptions, EncodeOptions, Token, Tokenizer } from '../token.ts';
import { cutText } from '../token-list.ts';
import { roomFor } from '../truncate.ts';
import { byteCharacters, fromByteCharacters } from './alphabet.ts';
import { readMerges, readPieces } from './files.ts';
import { mergeBytes } from './merge.ts';
import { forEachPart } from './split.ts';

/** The two files of a vocabulary. */
export interface BytePairFiles {
  /** The bytes of vocab.json. */
  readonly vocabulary: Uint8Array;
  /** The bytes of merges.txt. */
  readonly merges: Uint8Array;
}

/** What the files do not say. */
export interface BytePairOptions {
  /** Pieces that are found in a text as they are written, and that decoding leaves out, where the vocabulary has them; <|endoftext|> by default. */
  readonly special?: readonly string[];
}

/**
 * GPT-2's tokenizer (Radford et al. 2019) from the bytes of its two files: equal in pieces, offsets and words to the `tokenizers` library. A token that covers part of a character
 * has the whole character's offsets, and the space before a word belongs to it. A surrogate without its partner is read as U+FFFD. GPT-2 frames no text. Throws a ThawError
 * 'bad-vocabulary' where the files are broken or do not fit together.
 */
export function readByteBpe(
  files: BytePairFiles,
  { special = ['<|endoftext|>'] }: BytePairOptions = {},
): Tokenizer {
  const vocabulary = readPieces(files.vocabulary, 'vocab.json');
  const merges = readMerges(files.merges, vocabulary, 'merges.txt');
  const { ids, pieces } = vocabulary;
  const present = special.filter((piece) => ids.has(piece));
  const isSpecial = new Set(present);
  const findSpecial = specialFinder(present);
  const idOfByte = byteCharacters.map((character) => ids.get(character) ?? 0);
  const encoder = new TextEncoder();
  const makePart = (letters: string): Part => {
    const bytes: number[] = [];
    for (const byte of encoder.encode(letters)) bytes.push(idOfByte[byte]);
    const merged = mergeBytes(bytes, merges);
    const places = bytePlaces(letters);
    const [starts, ends]: [number[], number[]] = [[], []];
    let byte = 0;
    for (const length of merged.lengths) {
      starts.push(places.starts[byte]);
      byte += length;
      ends.push(places.ends[byte - 1]);
    }
    return { ids: merged.ids, starts, ends };
  };
  return {
    size: pieces.length,
    idOf: (piece) => ids.get(piece),
    pieceOf: (id) => pieces[id],
    encode(text: string, { maxLength }: EncodeOptions = {}): Token[] {
      const room = roomFor(maxLength, 0);
      const known = new Map<string, Part>();
      const tokens = cutText(text, 0, vocabulary, findSpecial, (list, start, end) =>
        forEachPart(text, start, end, (from, to) => {
          const letters = text.slice(from, to);
          let part = known.get(letters);
          if (!part) known.set(letters, (part = makePart(letters)));
          const { ids: own, starts, ends } = part;
          for (let i = 0; i < own.length; i += 1) list.add(own[i], from + starts[i], from + ends[i]);
          list.endWord();
        }),
      );
      return tokens.slice(0, room);
    },
    decode(numbers: readonly number[], { skipSpecial = true }: DecodeOptions = {}): string {
      const named = numbers.map((id) => vocabulary.pieceOf(id));
      return fromByteCharacters(skipSpecial ? named.filter((piece) => !isSpecial.has(piece)) : named);
    },
  };
}

/** The pieces of a part, and where in it the characters that each covers begin and end (UTF-16 units). */
interface Part {
  readonly ids: readonly number[];
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

/** Where the character of each UTF-8 byte begins and ends. */
function bytePlaces(text: string): { starts: number[]; ends: number[] } {
  const starts: number[] = [];
  const ends: number[] = [];
  let index = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    const bytes = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (let k = 0; k < bytes; k += 1) {
      starts.push(index);
      ends.push(index + character.length);
    }
    index += character.length;
  }
  return { starts, ends };
}
