/** The lens's state as plain data, what can be shared of it, and what follows from it. */
import type { DecoderDescription } from '../../labs/gpt-lens/decoder.ts';
import type { Written } from '../../labs/gpt-lens/reader.ts';
import { applySettings, type Draw, type SamplingSettings } from '../../labs/gpt-lens/sampling.ts';
import { perplexityOf } from '../../labs/gpt-lens/surprise.ts';
import type { AttentionState, HeadChoice } from '../bert-lens/model.ts';
import { freeText, wholeNumber, type Field, type FieldTable } from '../kit/url-state.ts';
import type { RunState } from '../resnet-lens/run-state.ts';

export { countWays, type CountedWay, type DecoderAmounts } from '../../labs/gpt-lens/adaptation.ts';
export type { DecoderDescription } from '../../labs/gpt-lens/decoder.ts';
export type { Surprise } from '../../labs/gpt-lens/surprise.ts';

/** What the network made of the text, as far as it is drawn. */
export type Reading = Written;

export interface GptState extends Pick<
  RunState,
  'status' | 'backend' | 'hasWebgpu' | 'isPrecomputed' | 'downloadBytes' | 'progress' | 'problem' | 'notice'
> {
  decoder: DecoderDescription;
  report?: (NonNullable<RunState['report']> & { pieces: number }) | undefined;
  /** What stands in the field; `reading.text` is what has been read. */
  text: string;
  /** Numbers of the pieces behind it; `reading.written` are those that have been read. */
  written: readonly number[];
  reading: Reading;
  settings: SamplingSettings;
  /** Pieces that are never drawn. */
  barred: ReadonlySet<number>;
  /** Names of pieces by number: those of the frame, then all. */
  names: Readonly<Record<number, string>>;
  layer: number;
  head: HeadChoice;
  from: number;
  /** The distribution after this token is shown. */
  place: number;
  /** What is looked for among the pieces. */
  search: string;
  /** The network goes on by itself. */
  isWriting: boolean;
  /** Why it cannot go on. */
  stopped?: 'ended' | 'full' | undefined;
  cell?: { row: number; column: number } | undefined;
  /** Drawn by the build: the small maps and the tables are left to the awake figure. */
  isShort?: boolean | undefined;
}

/** Longer texts stay out of the address. */
const longestShared = 300;

/** How far the settings go. */
export const ranges = {
  temperature: { min: 0, max: 2, step: 0.05 },
  topK: { min: 0, max: 200, step: 1 },
  topP: { min: 0.05, max: 1, step: 0.05 },
} as const;

/** The largest seed. */
export const mostSeed = 999_999;

/** What a reader may share. */
export interface Shared {
  text: string;
  wrote: readonly number[];
  temperature: number;
  k: number;
  p: number;
  seed: number;
  layer: number;
  head: HeadChoice;
  place: number;
}

/** What of a state can be shared. */
export function sharedOf({ text, written, settings, layer, head, place }: GptState): Shared {
  const { temperature, topK: k, topP: p, seed } = settings;
  return { text, wrote: written, temperature, k, p, seed, layer, head, place };
}

/** How these fields stand in the address. */
export function sharedFields({ layers, heads, positions }: DecoderDescription): FieldTable<Shared> {
  return {
    text: freeText(longestShared),
    wrote: {
      read: (value) => {
        if (value === '-') return [];
        const ids = /^\d{1,5}(\.\d{1,5})*$/.test(value) ? value.split('.').map(Number) : undefined;
        return ids && ids.length < positions ? ids : undefined;
      },
      write: (ids) => (ids.length === 0 ? '-' : ids.join('.')),
    },
    temperature: fraction(ranges.temperature),
    k: wholeNumber(ranges.topK.min, ranges.topK.max),
    p: fraction(ranges.topP),
    seed: wholeNumber(0, mostSeed),
    layer: wholeNumber(0, layers - 1),
    head: {
      read: (value) =>
        value === 'mean' || value === 'rollout' ? value : wholeNumber(0, heads - 1).read(value),
      write: String,
    },
    place: wholeNumber(0, positions - 1),
  };
}

function fraction({ min, max }: { min: number; max: number }): Field<number> {
  return {
    read: (text) => {
      const value = Number(text);
      return /^\d(\.\d{1,2})?$/.test(text) && value >= min && value <= max ? value : undefined;
    },
    write: String,
  };
}

/** The state as the drawings of attention take it. */
export function attentionOf(state: GptState): AttentionState {
  return { ...state, encoder: state.decoder, isCausal: true };
}

/** Whether what is drawn belongs to what stands in the fields. */
export function isCurrent({ text, written, reading }: GptState): boolean {
  return text.startsWith(reading.text) && written.join() === reading.written.join();
}

/** A piece that may follow. */
export interface NextPiece {
  id: number;
  piece: string;
  /** 1 is the likeliest. */
  rank: number;
  /** What the network says. */
  own: number;
  /** What it is drawn with; 0 for a piece that the settings leave out. */
  chance: number;
  /** Whether it is what stands there in the text. */
  follows: boolean;
}

/** What may be drawn after the shown place. */
export function openDraw({ reading, settings, barred }: GptState): Draw {
  return applySettings(reading.ranked, settings, barred);
}

/** Whether the settings need no more than the pieces that are known: the frame holds the likeliest alone. */
export function isExact({ reading, settings, barred, decoder }: GptState): boolean {
  const known = reading.ranked.ids.length;
  if (known >= decoder.pieces || settings.temperature === 0) return true;
  return settings.topK > 0 && settings.topK <= known - barred.size;
}

/** How many pieces are listed. */
const mostListed = 10;

/** The likeliest pieces, and the one that follows in the text. */
export function nextPieces(state: GptState): NextPiece[] {
  const { ranked, tokens, place } = state.reading;
  const actual = tokens[place + 1]?.id;
  const ranks = Array.from({ length: Math.min(mostListed, ranked.ids.length) }, (_, rank) => rank);
  const at = actual === undefined ? -1 : Array.from(ranked.ids).indexOf(actual);
  return named(state, at >= mostListed ? [...ranks, at] : ranks);
}

/** Pieces whose name has the text in it, likeliest first; none for an empty text. */
export function findPieces(state: GptState, most = 6): { found: NextPiece[]; count: number } {
  const wanted = state.search.trim().toLowerCase();
  if (wanted === '') return { found: [], count: 0 };
  const { ids } = state.reading.ranked;
  const ranks: number[] = [];
  for (let rank = 0; rank < ids.length; rank++)
    if (state.names[ids[rank]]?.toLowerCase().includes(wanted)) ranks.push(rank);
  return { found: named(state, ranks.slice(0, most)), count: ranks.length };
}

function named(state: GptState, ranks: readonly number[]): NextPiece[] {
  const { ids, probabilities } = state.reading.ranked;
  const { tokens, place } = state.reading;
  const draw = openDraw(state);
  const chances = new Map(draw.ids.map((id, at) => [id, draw.chances[at]]));
  return ranks.map((rank) => {
    const id = ids[rank];
    return {
      id,
      piece: state.names[id] ?? String(id),
      rank: rank + 1,
      own: probabilities[rank],
      chance: chances.get(id) ?? 0,
      follows: tokens[place + 1]?.id === id,
    };
  });
}

/** Whether a piece can be put behind the shown place: at the end, or where the network wrote on. */
export function canTake({ reading, decoder }: GptState): boolean {
  const { tokens, written, place } = reading;
  return place >= tokens.length - written.length - 1 && place + 1 < decoder.positions;
}

/** Perplexity of the reader's own text, and of what was written behind it; undefined where there is none. */
export function perplexities({
  reading,
}: GptState): Record<'own' | 'written', ReturnType<typeof perplexityOf>> {
  const bits = reading.surprises.map((surprise) => surprise?.bits ?? 0);
  const end = bits.length - reading.written.length;
  return { own: perplexityOf(bits.slice(1, end)), written: perplexityOf(bits.slice(end)) };
}
