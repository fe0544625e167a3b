import { ThawError } from '../engine/errors.ts';

/** Numbered pieces. */
export class Vocabulary {
  readonly pieces: readonly string[];
  readonly ids: ReadonlyMap<string, number>;

  constructor(pieces: readonly string[]) {
    this.pieces = pieces;
    this.ids = new Map(pieces.map((piece, id) => [piece, id]));
  }

  /** The piece of a number; throws a ThawError 'bad-input' where there is none. */
  pieceOf(id: number): string {
    const piece = this.pieces[id];
    if (piece === undefined)
      throw new ThawError({
        code: 'bad-input',
        message: `There is no piece number ${id}: this vocabulary ends at ${this.pieces.length - 1}.`,
        advice: 'Decode with the vocabulary that the network was trained with.',
        details: { id, size: this.pieces.length },
      });
    return piece;
  }
}

/** The error of a vocabulary file that cannot be used: what was found, and where. */
export function vocabularyError(file: string, problem: string, cause?: unknown): ThawError {
  return new ThawError(
    {
      code: 'bad-vocabulary',
      message: `${file} is not a usable vocabulary: ${problem}.`,
      advice: 'Take the file that belongs to the network, whole and unchanged.',
      details: { file },
    },
    { cause },
  );
}

/** The text of a file; throws a ThawError 'bad-vocabulary' where it is empty or not UTF-8. */
export function decodeUtf8(bytes: Uint8Array, file: string): string {
  if (bytes.length === 0) throw vocabularyError(file, 'it is empty');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw vocabularyError(file, 'it is not UTF-8 text', error);
  }
}

/** The lines of a text without their ends (LF or CRLF); a line end at the very end begins no other line. */
export function splitLines(text: string): string[] {
  const lines = text.split('\n').map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** Throws a ThawError 'bad-vocabulary' at the first line that stands twice; lines count from 1. */
export function refuseDuplicates(lines: readonly string[], file: string, firstLine = 1): void {
  const seen = new Map<string, number>();
  lines.forEach((line, index) => {
    const earlier = seen.get(line);
    if (earlier !== undefined)
      throw vocabularyError(
        file,
        `lines ${earlier} and ${index + firstLine} are the same, ${JSON.stringify(line)}`,
      );
    seen.set(line, index + firstLine);
  });
}
