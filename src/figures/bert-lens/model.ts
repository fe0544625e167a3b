/** The lens's state as plain data, what can be shared of it, and what follows from it. */
import type { Amounts, Way } from '../../labs/bert-lens/adaptation.ts';
import { ways } from '../../labs/bert-lens/adaptation.ts';
import { chosenMap, strongest, type HeadChoice } from '../../labs/bert-lens/attention.ts';
import type { EncoderDescription } from '../../labs/bert-lens/encoder.ts';
import type { Answer } from '../../labs/bert-lens/reader.ts';
import type { LensToken } from '../../labs/bert-lens/text.ts';
import { freeText, oneOf, wholeNumber, type FieldTable } from '../kit/url-state.ts';
import type { RunState } from '../resnet-lens/run-state.ts';

export { countAdaptation } from '../../labs/bert-lens/adaptation.ts';
export type { AdaptedPart, Adaptation } from '../../labs/bert-lens/adaptation.ts';
export { chosenMap } from '../../labs/bert-lens/attention.ts';
export type { HeadChoice } from '../../labs/bert-lens/attention.ts';
export type { Comparison } from '../../labs/bert-lens/compare.ts';
export type { Candidate } from '../../labs/bert-lens/run.ts';

/** What the network made of the text, as far as it is drawn. */
export type Reading = Answer;

/** What the drawings of attention need of a lens's state, whatever network it runs. */
export interface AttentionState {
  encoder: Pick<EncoderDescription, 'layers' | 'heads'>;
  reading: { tokens: readonly LensToken[]; attention: readonly Float32Array[] };
  layer: number;
  head: HeadChoice;
  /** The token whose attention is drawn. */
  from: number;
  /** The token that something is asked about. */
  place: number;
  /** The cell of the matrix that is read. */
  cell?: { row: number; column: number } | undefined;
  /** Drawn by the build for a page that has little room: the small maps are left to the awake figure. */
  isShort?: boolean | undefined;
  /** No token sees a later one. */
  isCausal?: boolean;
}

export interface BertState extends Pick<
  RunState,
  | 'status'
  | 'backend'
  | 'hasWebgpu'
  | 'isPrecomputed'
  | 'downloadBytes'
  | 'progress'
  | 'report'
  | 'problem'
  | 'notice'
> {
  encoder: EncoderDescription;
  /** What stands in the field; `reading.text` is what has been read. */
  text: string;
  other: string;
  /** Numbers of the words that are hidden. */
  hidden: readonly number[];
  reading: Reading;
  layer: number;
  head: HeadChoice;
  /** The token whose attention is drawn. */
  from: number;
  /** The token that the head is asked about. */
  place: number;
  /** Which of the shared words is compared. */
  pair: number;
  /** The layers behind which all tokens are mapped. */
  depth: number;
  /** The part whose tensors are listed. */
  part: string;
  way: Way;
  amounts: Amounts;
  /** Drawn by the build for a page that has little room: the small maps and the tables are left to the awake figure. */
  isShort?: boolean | undefined;
  /** The cell of the matrix that is read. */
  cell?: { row: number; column: number } | undefined;
}

/** Longer texts stay out of the address. */
const longestShared = 300;

/** What a reader may share. */
export interface Shared {
  text: string;
  other: string;
  hide: readonly number[];
  layer: number;
  head: HeadChoice;
  place: number;
  way: Way;
  backend: BertState['backend'];
}

/** How these fields stand in the address. */
export function sharedFields(encoder: EncoderDescription): FieldTable<Shared> {
  return {
    text: freeText(longestShared),
    other: freeText(longestShared),
    hide: {
      read: (value) => (/^\d{1,3}(\.\d{1,3}){0,40}$/.test(value) ? value.split('.').map(Number) : undefined),
      write: (words) => words.join('.'),
    },
    layer: wholeNumber(0, encoder.layers - 1),
    head: {
      read: (value) => {
        if (value === 'mean' || value === 'rollout') return value;
        return wholeNumber(0, encoder.heads - 1).read(value);
      },
      write: String,
    },
    place: wholeNumber(0, encoder.positions - 1),
    way: oneOf(ways),
    backend: oneOf(['auto', 'wasm', 'webgpu'] as const),
  };
}

/** The map [T, T] that is drawn. */
export function shownMap({ reading, layer, head }: AttentionState): Float32Array {
  return chosenMap(reading.attention, reading.tokens.length, layer, head);
}

/** Attention from the chosen token to all, and the places of the three largest. */
export function shownRow(state: AttentionState): { row: Float32Array; top: number[] } {
  const length = state.reading.tokens.length;
  const from = placeIn(state.from, length);
  const row = shownMap(state).slice(from * length, (from + 1) * length);
  return { row, top: strongest(row, 3) };
}

/** A place that the text has. */
export function placeIn(place: number, length: number): number {
  return Math.max(0, Math.min(length - 1, place));
}

/** A word of the text with the places of its tokens. */
export interface Word {
  word: number;
  text: string;
  isHidden: boolean;
  places: number[];
  isAsked: boolean;
}

/** The words that have been read, in order. */
export function wordsOf({ reading, place }: BertState): Word[] {
  const words = new Map<number, LensToken[]>();
  const places = new Map<number, number[]>();
  reading.tokens.forEach((token, at) => {
    if (token.word === null) return;
    words.set(token.word, [...(words.get(token.word) ?? []), token]);
    places.set(token.word, [...(places.get(token.word) ?? []), at]);
  });
  return [...words].map(([word, tokens]) => {
    const own = places.get(word) ?? [];
    return {
      word,
      text: reading.text.slice(tokens[0].start, tokens[tokens.length - 1].end),
      isHidden: reading.hidden.includes(word),
      places: own,
      isAsked: own.includes(place),
    };
  });
}

/** Whether what is drawn belongs to what stands in the fields. */
export function isCurrent({ text, hidden, reading }: BertState): boolean {
  return text.startsWith(reading.text) && hidden.join() === reading.hidden.join();
}

/** A tensor's shape for this text: N is 1, T the number of tokens. */
export function shapeFor(dims: readonly (string | number)[], length: number): string {
  return `[${dims.map((dim) => (dim === 'N' ? 1 : dim === 'T' ? length : dim)).join(', ')}]`;
}
