import { Vocabulary, decodeUtf8, refuseDuplicates, splitLines, vocabularyError } from '../vocabulary.ts';
import { byteCharacters } from './alphabet.ts';
import type { Merges } from './merge.ts';
import { makeMerges } from './merge.ts';

/**
 * The pieces of a vocab.json, an object of pieces and their numbers. Throws a ThawError 'bad-vocabulary' for a file that is empty, not UTF-8, not such an object,
 * leaves out a number, gives one twice or lacks a byte.
 */
export function readPieces(bytes: Uint8Array, file: string): Vocabulary {
  const entries = Object.entries(readObject(decodeUtf8(bytes, file), file));
  if (entries.length === 0) throw vocabularyError(file, 'it has no pieces');
  const pieces: string[] = [];
  for (const [piece, id] of entries) {
    if (typeof id !== 'number' || !Number.isInteger(id) || id < 0 || id >= entries.length)
      throw vocabularyError(
        file,
        `the number of ${JSON.stringify(piece)} should lie between 0 and ${entries.length - 1}, and is ${JSON.stringify(id)}`,
      );
    if (pieces[id] !== undefined)
      throw vocabularyError(
        file,
        `${JSON.stringify(pieces[id])} and ${JSON.stringify(piece)} both have the number ${id}`,
      );
    pieces[id] = piece;
  }
  const vocabulary = new Vocabulary(pieces);
  const missing = byteCharacters.findIndex((character) => !vocabulary.ids.has(character));
  if (missing >= 0)
    throw vocabularyError(
      file,
      `it has no piece ${JSON.stringify(byteCharacters[missing])} for the byte ${missing}, so that some texts could not be written`,
    );
  return vocabulary;
}

/**
 * The merges of a merges.txt: two pieces a line, under a `#version` line that may be missing. Throws a ThawError 'bad-vocabulary' for a file that is empty or not
 * UTF-8, and for a line that stands twice, is not two pieces, or uses one that the vocabulary does not have.
 */
export function readMerges(bytes: Uint8Array, { ids, pieces }: Vocabulary, file: string): Merges {
  const all = splitLines(decodeUtf8(bytes, file));
  const firstLine = all[0]?.startsWith('#version') ? 2 : 1;
  const lines = all.slice(firstLine - 1);
  refuseDuplicates(lines, file, firstLine);
  const rows = lines.map((line, index): [number, number, number] => {
    const where = `line ${index + firstLine}`;
    const parts = line.split(' ');
    if (parts.length !== 2 || parts.includes(''))
      throw vocabularyError(
        file,
        `${where} should be two pieces with a space between, and is ${JSON.stringify(line)}`,
      );
    const [left, right, becomes] = [...parts, parts.join('')].map((piece) => {
      const id = ids.get(piece);
      if (id === undefined)
        throw vocabularyError(
          file,
          `${where} uses ${JSON.stringify(piece)}, which the vocabulary does not have`,
        );
      return id;
    });
    return [left, right, becomes];
  });
  return makeMerges(rows, pieces.length);
}

function readObject(text: string, file: string): object {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw vocabularyError(file, 'it is not JSON', error);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw vocabularyError(file, 'it should be an object of pieces and their numbers');
  return value;
}
