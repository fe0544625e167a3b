/**
 * The precomputed first frame: what the network made of two sentences. Written by `npm run frames` with the same lab code that runs
 * in the page.
 */
import type { Comparison } from '../../labs/bert-lens/compare.ts';
import type { EncoderDescription } from '../../labs/bert-lens/encoder.ts';
import type { Candidate, Guess } from '../../labs/bert-lens/run.ts';
import type { LensToken } from '../../labs/bert-lens/text.ts';
import type { BertState, Reading } from './model.ts';

/** Attention in steps of this, so that numbers are short. */
const step = 1e-4;

/** A token as the frame stores it: id, piece, start, end, word (−1: the frame), hidden. */
type StoredToken = [id: number, piece: string, start: number, end: number, word: number, isMasked: 0 | 1];

export interface BertFrame {
  madeBy: string;
  /** sha256 of the weight file that the frame was computed from. */
  weights: string;
  encoder: EncoderDescription;
  /** The layer and head that are open at first. */
  layer: number;
  head: number;
  text: string;
  tokens: StoredToken[];
  /** Of every layer, [heads, T, T] in ten thousandths. */
  attention: number[][];
  place: number;
  /** Candidates by depth: id, piece, probability. */
  guess: [id: number, piece: string, probability: number][][];
  other: {
    text: string;
    tokens: StoredToken[];
    shared: [piece: string, first: number, second: number][];
    cosines: number[][];
    maps: { shown: number; points: [x: number, y: number][] }[];
  };
}

/** Packs what a run gave. */
export function packFrame(
  facts: Pick<BertFrame, 'madeBy' | 'weights' | 'encoder' | 'layer' | 'head'>,
  { text, tokens, attention, guess }: Omit<Reading, 'comparison'>,
  other: Comparison,
): BertFrame {
  return {
    ...facts,
    text,
    tokens: tokens.map(storeToken),
    attention: attention.map((layer) => Array.from(layer, (value) => Math.round(value / step))),
    place: guess.place,
    guess: guess.depths.map((best) =>
      best.map(({ id, piece, probability }) => [id, piece, round(probability, 5)]),
    ),
    other: {
      text: other.text,
      tokens: other.tokens.map(storeToken),
      shared: other.shared.map(({ piece, first, second }) => [piece, first, second]),
      cosines: other.cosines.map((row) => row.map((value) => round(value, 4))),
      maps: other.maps.map(({ shown, points }) => ({
        shown: round(shown, 4),
        points: points.map(([x, y]) => [round(x, 2), round(y, 2)]),
      })),
    },
  };
}

/** The reading that a frame stands for. */
export function unpackReading(frame: BertFrame): Reading {
  const { other } = frame;
  const guess: Guess = {
    place: frame.place,
    depths: frame.guess.map((best) =>
      best.map(([id, piece, probability]): Candidate => ({ id, piece, probability })),
    ),
  };
  return {
    text: frame.text,
    tokens: frame.tokens.map(readToken),
    hidden: [],
    cut: 0,
    unknown: 0,
    attention: frame.attention.map((layer) => Float32Array.from(layer, (value) => value * step)),
    guess,
    comparison: {
      text: other.text,
      tokens: other.tokens.map(readToken),
      shared: other.shared.map(([piece, first, second]) => ({ piece, first, second })),
      cosines: other.cosines,
      maps: other.maps,
    },
  };
}

/** The state that the figure begins with. */
export function firstState(frame: BertFrame, downloadBytes: number): BertState {
  const { encoder, layer, head, text, place, other } = frame;
  return {
    status: 'idle',
    backend: 'auto',
    isPrecomputed: true,
    downloadBytes,
    encoder,
    text,
    other: other.text,
    hidden: [],
    reading: unpackReading(frame),
    layer,
    head,
    from: place,
    place,
    pair: 0,
    depth: encoder.layers,
    part: 'layer.0',
    way: 'head',
    amounts: { last: 1, adapters: 16, lora: 8 },
  };
}

function storeToken({ id, piece, start, end, word, isMasked }: LensToken): StoredToken {
  return [id, piece, start, end, word ?? -1, isMasked ? 1 : 0];
}

function readToken([id, piece, start, end, word, isMasked]: StoredToken): LensToken {
  return { id, piece, original: piece, start, end, word: word < 0 ? null : word, isMasked: isMasked === 1 };
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
