/**
 * The precomputed first frame: what the network made of a beginning and wrote behind it. Written by `npm run frames` with the same lab code
 * that runs in the page.
 */
import type { DecoderDescription } from '../../labs/gpt-lens/decoder.ts';
import type { Written } from '../../labs/gpt-lens/reader.ts';
import type { SamplingSettings } from '../../labs/gpt-lens/sampling.ts';
import type { GptState } from './model.ts';

/** Attention in steps of this, so that numbers are short. */
const step = 1e-4;

/** So many pieces may be drawn at first, so the frame holds as many and any temperature can be tried before anything runs. */
export const firstSettings: SamplingSettings = { temperature: 0.8, topK: 40, topP: 1, seed: 1 };

type StoredToken = [id: number, piece: string, start: number, end: number, word: number];

export interface GptFrame {
  madeBy: string;
  /** sha256 of the weight file that the frame was computed from. */
  weights: string;
  decoder: DecoderDescription;
  /** The layer and head that are open at first. */
  layer: number;
  head: number;
  text: string;
  whole: string;
  /** How many of the tokens were written by the network. */
  written: number;
  tokens: StoredToken[];
  /** Of each token but the first: probability, bits, rank. */
  surprises: [probability: number, bits: number, rank: number][];
  /** Of every layer, [heads, T, T] in ten thousandths, each row up to its own place. */
  attention: number[][];
  /** The likeliest pieces after the last token. */
  ranked: [id: number, piece: string, probability: number][];
  barred: number[];
}

/** What a frame needs of a run. */
export interface FrameFacts extends Pick<GptFrame, 'madeBy' | 'weights' | 'decoder' | 'layer' | 'head'> {
  barred: ReadonlySet<number>;
  pieces: readonly string[];
}

/** Packs what a run gave. */
export function packFrame({ barred, pieces, ...facts }: FrameFacts, reading: Written): GptFrame {
  const { text, whole, written, tokens, surprises, attention, ranked } = reading;
  const count = tokens.length;
  return {
    ...facts,
    text,
    whole,
    written: written.length,
    tokens: tokens.map(({ id, piece, start, end, word }) => [id, piece, start, end, word ?? -1]),
    surprises: surprises.flatMap((one) =>
      one ? [[round(one.probability, 6), round(one.bits, 3), one.rank]] : [],
    ),
    attention: attention.map((map) =>
      Array.from(map, (value) => Math.round(value / step)).filter((_, cell) => isSeen(cell, count)),
    ),
    ranked: Array.from(ranked.ids)
      .slice(0, firstSettings.topK + barred.size)
      .map((id, rank) => [id, pieces[id] ?? '', round(ranked.probabilities[rank], 6)]),
    barred: [...barred],
  };
}

/** The reading that a frame stands for. */
export function unpackReading(frame: GptFrame): Written {
  const { text, whole, tokens, ranked } = frame;
  const count = tokens.length;
  return {
    text,
    whole,
    tokens: tokens.map(([id, piece, start, end, word]) => ({
      id,
      piece,
      original: piece,
      start,
      end,
      word: word < 0 ? null : word,
      isMasked: false,
    })),
    written: tokens.slice(count - frame.written).map(([id]) => id),
    cut: 0,
    unknown: 0,
    surprises: [
      undefined,
      ...frame.surprises.map(([probability, bits, rank]) => ({ probability, bits, rank })),
    ],
    attention: frame.attention.map((stored) => {
      let next = 0;
      return Float32Array.from({ length: frame.decoder.heads * count * count }, (_, cell) =>
        isSeen(cell, count) ? (stored[next++] ?? 0) * step : 0,
      );
    }),
    place: count - 1,
    ranked: {
      ids: ranked.map(([id]) => id),
      probabilities: ranked.map(([, , probability]) => probability),
    },
  };
}

/** The state that the figure begins with. */
export function firstState(frame: GptFrame, downloadBytes: number): GptState {
  const reading = unpackReading(frame);
  return {
    status: 'idle',
    // A single piece is too little work for a graphics card
    backend: 'wasm',
    isPrecomputed: true,
    downloadBytes,
    decoder: frame.decoder,
    text: frame.text,
    written: reading.written,
    reading,
    settings: firstSettings,
    barred: new Set(frame.barred),
    names: Object.fromEntries(frame.ranked.map(([id, piece]) => [id, piece])),
    layer: frame.layer,
    head: frame.head,
    from: reading.place,
    place: reading.place,
    search: '',
    isWriting: false,
  };
}

/** Whether the cell of [heads, T, T] lies on or below the diagonal. */
function isSeen(cell: number, count: number): boolean {
  return cell % count <= Math.floor(cell / count) % count;
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
