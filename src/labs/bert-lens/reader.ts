/** A loaded encoder that reads texts for the lens: in the page, in Node for the first frame, and in tests. */
import type { LoadedModel, LoadOptions, RunResult, Runtime } from '../../engine/runtime/types.ts';
import { compareTexts, type Comparison } from './compare.ts';
import type { EncoderDescription } from './encoder.ts';
import { encodeText, guessPiece, lensValues, type Encoded, type Guess } from './run.ts';
import { firstPlace, openTokenizer, readText, textManifest, type LensToken, type ReadText } from './text.ts';

/** What a reader wants to see. */
export interface Question {
  text: string;
  /** A second text to compare with; empty for none. */
  other: string;
  /** Numbers of the words that are hidden in the first text. */
  hidden: readonly number[];
  /** The token that the head is asked about; outside the text: the first hidden one. */
  place: number;
}

/** What the network made of it. */
export interface Answer extends ReadText {
  hidden: readonly number[];
  attention: readonly Float32Array[];
  guess: Guess;
  comparison?: Comparison | undefined;
}

/** How the last run of the whole network went. */
export interface RunFacts {
  backend: 'wasm' | 'webgpu';
  threads: number;
  precision: string;
  elapsedMs: number;
  note: string;
}

export interface LensReader {
  /** May be replaced by what the file itself says. */
  encoder: EncoderDescription;
  readonly model: LoadedModel;
  readonly storageRefused: boolean;
  read: (question: Question, signal?: AbortSignal) => Promise<{ reading: Answer; report: RunFacts }>;
  /** Lets the next reading run the network, even on a text that it has just read. */
  forget: () => void;
}

/** Texts whose states are kept: the one that is read and the one beside it, and what stood there before. */
const mostKept = 4;

/** Loads the network and its vocabulary. */
export async function openReader(
  runtime: Runtime,
  encoder: EncoderDescription,
  options: LoadOptions = {},
): Promise<LensReader> {
  // The head is asked about one place alone, at every depth
  const model = await runtime.load(encoder.id, {
    ...options,
    values: lensValues(encoder),
    stopsAtValues: true,
  });
  const tokenizer = openTokenizer(model.manifest, model.vocabulary);
  const { input } = textManifest(model.manifest);
  const kept = new Map<string, Encoded>();
  const reader: LensReader = {
    encoder,
    model,
    storageRefused: model.storageRefused,
    read,
    forget: () => kept.clear(),
  };
  return reader;

  async function read(
    { text, other, hidden, place }: Question,
    signal?: AbortSignal,
  ): Promise<{ reading: Answer; report: RunFacts }> {
    const first = readText(text, new Set(hidden), tokenizer, input);
    const encoded = await encode(first.tokens, signal);
    const isThere = Number.isInteger(place) && place >= 0 && place < first.tokens.length;
    const asked = isThere ? place : firstPlace(first.tokens);
    const guess = await guessPiece(model, reader.encoder, encoded, asked, tokenizer, { signal });
    const comparison = other.trim() === '' ? undefined : await compare(first.tokens, encoded, other, signal);
    const reading = { ...first, hidden, attention: encoded.attention, guess, comparison };
    return { reading, report: runFacts(encoded.run) };
  }

  async function compare(
    tokens: LensToken[],
    encoded: Encoded,
    other: string,
    signal?: AbortSignal,
  ): Promise<Comparison> {
    const second = readText(other, new Set(), tokenizer, input);
    return compareTexts(
      { tokens, encoded },
      { text: second.text, tokens: second.tokens, encoded: await encode(second.tokens, signal) },
      reader.encoder.width,
    );
  }

  /** Runs the network, unless it has just read the same tokens. */
  async function encode(tokens: readonly LensToken[], signal?: AbortSignal): Promise<Encoded> {
    const key = tokens.map(({ id }) => id).join();
    const known = kept.get(key);
    if (known) return known;
    const encoded = await encodeText(model, reader.encoder, tokens, signal);
    kept.set(key, encoded);
    const [oldest] = kept.keys();
    if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest);
    return encoded;
  }
}

/** What a figure says of a run. */
export function runFacts({
  backend,
  threads,
  precision,
  elapsedMs,
  note,
}: Omit<RunResult, 'outputs'>): RunFacts {
  return { backend: backend === 'webgpu' ? 'webgpu' : 'wasm', threads, precision, elapsedMs, note };
}
