import { DECOMPOSABLE, classes, unpackNumbers } from './classes.ts';
import { combiningClasses } from './tables.ts';

/** A decomposed text, with the place in the source of each of its characters. */
export interface Decomposed {
  readonly codes: number[];
  /** Indices into the characters that were given. */
  readonly sources: number[];
}

const classOf = unpackCombiningClasses();

/**
 * The canonical decomposition (NFD, Unicode Standard Annex 15) of characters, marks in canonical order. Where marks change places,
 * each keeps to the tokenizers library's way of counting: the characters that begin a decomposition take the sources in turn, the others follow the last one taken.
 */
export function decompose(codes: ArrayLike<number>): Decomposed {
  const pieces: Piece[] = [];
  let runStart = 0;
  const closeRun = () => {
    if (pieces.length - runStart > 1) sortRun(pieces, runStart);
    runStart = pieces.length;
  };
  for (let i = 0; i < codes.length; i += 1) {
    const code = codes[i];
    if ((classes[code] & DECOMPOSABLE) === 0) {
      push(code, true);
      continue;
    }
    let isFirst = true;
    // Decompositions never change once given, so the browser's are those of the library
    for (const part of String.fromCodePoint(code).normalize('NFD')) {
      push(part.codePointAt(0) ?? code, isFirst);
      isFirst = false;
    }
  }
  closeRun();
  let source = -1;
  const sources = pieces.map(({ isFirst }) => {
    if (isFirst) source += 1;
    return Math.max(source, 0);
  });
  return { codes: pieces.map(({ code }) => code), sources };

  function push(code: number, isFirst: boolean): void {
    const order = combiningClassOf(code);
    if (order === 0) closeRun();
    pieces.push({ code, order, isFirst });
    if (order === 0) runStart = pieces.length;
  }
}

/** The canonical combining class of a code point, 0 for what begins a new character. */
export function combiningClassOf(code: number): number {
  return code < 0x300 ? 0 : (classOf.get(code) ?? 0);
}

interface Piece {
  readonly code: number;
  readonly order: number;
  readonly isFirst: boolean;
}

function sortRun(pieces: Piece[], from: number): void {
  const sorted = pieces.slice(from).sort((a, b) => a.order - b.order);
  sorted.forEach((piece, index) => (pieces[from + index] = piece));
}

function unpackCombiningClasses(): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  const numbers = unpackNumbers(combiningClasses);
  let code = 0;
  for (let i = 0; i < numbers.length; i += 3) {
    code += numbers[i];
    for (const end = code + numbers[i + 1]; code < end; code += 1) found.set(code, numbers[i + 2]);
  }
  return found;
}
