/** A reader's text on its way into the network: what is cut, what is masked, which tokens come out. */
import type { AnyManifest } from '../../engine/registry/manifest.ts';
import { isTextManifest } from '../../engine/registry/manifest.ts';
import type { TextManifest } from '../../engine/registry/text-manifest.ts';
import type { InputTensors } from '../../engine/runtime/types.ts';
import { ThawError } from '../../engine/errors.ts';
import type { Token, Tokenizer } from '../../text/token.ts';
import { readWordPiece, type PairTokenizer } from '../../text/wordpiece/tokenizer.ts';

/** More letters than this are not looked at: the longest text has 128 pieces, and no piece 20 letters. */
export const mostLetters = 4000;

/** A token of the text, as the lens shows it. */
export interface LensToken {
  id: number;
  /** What stands in the input: `[MASK]` where the reader hid the piece. */
  piece: string;
  /** What stood there before it was hidden. */
  original: string;
  /** The stretch of the text, UTF-16 indices. */
  start: number;
  end: number;
  /** The number of the word; null for the frame. */
  word: number | null;
  isMasked: boolean;
}

/** A text as the network reads it. */
export interface ReadText {
  /** What the tokens' offsets count in. */
  text: string;
  tokens: LensToken[];
  /** How many pieces did not fit, or −1 if more letters than `mostLetters` came, so that nobody counted. */
  cut: number;
  /** How many pieces are unknown: emoji, or letters that the vocabulary has not. */
  unknown: number;
}

/** The tokenizer of a language network. Throws a ThawError 'bad-input' if the network takes pictures. */
export function openTokenizer(manifest: AnyManifest, vocabulary: Uint8Array | undefined): PairTokenizer {
  const { input, files } = textManifest(manifest);
  const { lowercase, stripAccents } = input.tokenizer;
  return readWordPiece(vocabulary ?? new Uint8Array(), {
    lowerCase: lowercase,
    stripAccents,
    file: files.vocabulary.path,
  });
}

/** The manifest, if its network takes text; throws a ThawError 'bad-input' for a picture network. */
export function textManifest(manifest: AnyManifest): TextManifest {
  if (isTextManifest(manifest)) return manifest;
  throw new ThawError({
    code: 'bad-input',
    message: `"${manifest.title}" takes pictures, not text.`,
    advice: 'Choose a language network.',
    details: { id: manifest.id },
  });
}

/** Cuts a text into the network's tokens, with these words hidden. */
export function readText(
  text: string,
  hidden: ReadonlySet<number>,
  tokenizer: Tokenizer,
  { special, longest, wrap }: TextManifest['input'],
): ReadText {
  const shown = text.slice(0, mostLetters);
  const mask = tokenizer.idOf(special.mask);
  const pieces = tokenizer.encode(shown, { withFrame: false });
  const all = [frame(wrap.before), ...pieces, ...(wrap.after === undefined ? [] : [frame(wrap.after)])];
  // What ends the text stays, where something does
  const ending = all.slice(pieces.length + 1);
  const kept = all.length > longest ? [...all.slice(0, longest - ending.length), ...ending] : all;
  const tokens = kept.map((token): LensToken => hide(token, hidden, mask, special.mask));
  return {
    text: shown,
    tokens,
    cut: text.length > mostLetters ? -1 : all.length - kept.length,
    unknown: tokens.filter(({ original }) => original === special.unknown).length,
  };

  /** A piece that stands around every text. */
  function frame(piece: string): Token {
    const id = tokenizer.idOf(piece) ?? 0;
    return { id, piece, start: 0, end: 0, word: null, segment: 0, isFrame: true };
  }
}

function hide(token: Token, hidden: ReadonlySet<number>, mask: number | undefined, piece: string): LensToken {
  const { id, piece: original, start, end, word } = token;
  const isHidden = word !== null && hidden.has(word) && mask !== undefined;
  const isMasked = isHidden || original === piece;
  return {
    id: isHidden ? mask : id,
    piece: isHidden ? piece : original,
    original,
    start,
    end,
    word,
    isMasked,
  };
}

/** The network's inputs for one text: int64 [1, T] each. */
export function inputsOf(tokens: readonly LensToken[], { name, mask }: TextManifest['input']): InputTensors {
  const shape = [1, tokens.length];
  const data = BigInt64Array.from(tokens, ({ id }) => BigInt(id));
  return {
    [name]: { dtype: 'int64', shape, data },
    ...(mask !== undefined && {
      [mask]: { dtype: 'int64', shape: [...shape], data: new BigInt64Array(tokens.length).fill(1n) },
    }),
  };
}

/** The token that is asked about when the reader has chosen none: the first hidden one, else the first of the text. */
export function firstPlace(tokens: readonly LensToken[]): number {
  const hidden = tokens.findIndex(({ isMasked }) => isMasked);
  return hidden >= 0 ? hidden : Math.min(1, tokens.length - 1);
}

/** The text with a piece in the place of a token; a piece that goes on a word (`##ing`) joins what stands before it. */
export function putPiece(
  text: string,
  { start, end }: Pick<LensToken, 'start' | 'end'>,
  piece: string,
): string {
  const goesOn = piece.startsWith('##');
  const before = text.slice(0, start);
  return (goesOn ? before.trimEnd() + piece.slice(2) : before + piece) + text.slice(end);
}
