/** A loaded decoder that reads and writes for the lens: in the page, in Node for the first frame, and in tests. */
import type { LoadedModel, LoadOptions, Runtime } from '../../engine/runtime/types.ts';
import { runFacts, type RunFacts } from '../bert-lens/reader.ts';
import { openTokenizer, readText, textManifest, type LensToken, type ReadText } from '../bert-lens/text.ts';
import type { DecoderDescription } from './decoder.ts';
import { openMemory, rememberedValues, wholeMaps, type PassReport, type RememberedPiece } from './memory.ts';
import {
  applySettings,
  drawPiece,
  numberFor,
  rankPieces,
  type RankedPieces,
  type SamplingSettings,
} from './sampling.ts';
import { surpriseOf, type Surprise } from './surprise.ts';

/** What a reader wants to see. */
export interface WriterQuestion {
  /** The reader's own text. */
  text: string;
  /** Numbers of the pieces that were written behind it. */
  written: readonly number[];
  /** After which piece the distribution is shown; outside the text: after the last. */
  place: number;
}

/** What the network made of it. */
export interface Written extends ReadText {
  /** The pieces behind the reader's text: the last of `tokens`. */
  written: readonly number[];
  /** All that has been read as a text. */
  whole: string;
  /** How each piece was seen coming; nothing for the first. */
  surprises: (Surprise | undefined)[];
  /** Of every layer: float32 [heads, T, T]. */
  attention: readonly Float32Array[];
  place: number;
  /** What the network expects after `place`. */
  ranked: RankedPieces;
}

export interface GptReader {
  /** May be replaced by what the file itself says. */
  decoder: DecoderDescription;
  readonly model: LoadedModel;
  readonly storageRefused: boolean;
  /** Every piece by its number. */
  readonly pieces: readonly string[];
  /** Pieces that are never drawn. */
  readonly barred: ReadonlySet<number>;
  /** Reads the text and what was written; only pieces that differ from the last reading cost a run. */
  read: (
    question: WriterQuestion,
    signal?: AbortSignal,
  ) => Promise<{ reading: Written; report: RunFacts & { pieces: number } }>;
  /** The piece that the settings draw behind the last reading; undefined where the network ends the text or no place is left. */
  draw: (settings: SamplingSettings) => { id: number } | { end: 'ended' | 'full' };
  /** Lets the next reading run the network on the whole text. */
  forget: () => void;
}

/** Loads the network and its vocabulary. */
export async function openGptReader(
  runtime: Runtime,
  decoder: DecoderDescription,
  options: LoadOptions = {},
): Promise<GptReader> {
  const model = await runtime.load(decoder.id, {
    ...options,
    values: rememberedValues(decoder),
    remembers: true,
  });
  const tokenizer = openTokenizer(model.manifest, model.vocabulary);
  const { input } = textManifest(model.manifest);
  const { special, wrap } = input;
  const ending = tokenizer.idOf(wrap.before);
  const barred = new Set(
    Object.values(special)
      .flatMap((piece) => tokenizer.idOf(piece) ?? [])
      .filter((id) => id !== ending),
  );
  const memory = openMemory(model, decoder);
  const surprises = new WeakMap<RememberedPiece, Surprise>();
  const rankings = new WeakMap<RememberedPiece, RankedPieces>();
  let last: readonly RememberedPiece[] = [];
  let report: PassReport | undefined;
  const reader: GptReader = {
    decoder,
    model,
    storageRefused: model.storageRefused,
    pieces: Array.from({ length: tokenizer.size }, (_, id) => tokenizer.pieceOf(id) ?? ''),
    barred,
    read,
    draw,
    forget: () => memory.clear(),
  };
  return reader;

  async function read(
    { text, written, place }: WriterQuestion,
    signal?: AbortSignal,
  ): Promise<{ reading: Written; report: RunFacts & { pieces: number } }> {
    const own = readText(text, new Set(), tokenizer, input);
    const room = Math.max(0, input.longest - own.tokens.length);
    const behind = written.filter((id) => reader.pieces[id] !== undefined).slice(0, room);
    const tokens = [...own.tokens, ...behind.map((id) => tokenOf(id, own.text.length))];
    const ids = tokens.map(({ id }) => id);
    const answer = await memory.read(ids, signal);
    last = answer.pieces;
    report = answer.report ?? report;
    const isThere = Number.isInteger(place) && place >= 0 && place < tokens.length;
    const asked = isThere ? place : tokens.length - 1;
    const seen = last;
    let maps: Float32Array[] | undefined;
    const reading: Written = {
      ...own,
      tokens,
      written: behind,
      whole: own.text + continuation(behind),
      surprises: last.map((piece, at) => (at === 0 ? undefined : surprise(piece, last[at - 1]))),
      // Made when it is drawn: they grow with the square of the text, a new piece does not
      get attention() {
        return (maps ??= wholeMaps(seen, reader.decoder));
      },
      place: asked,
      ranked: rank(last[asked]),
    };
    if (!report) throw new Error('Nothing was read.');
    return { reading, report: { ...runFacts(report), pieces: report.pieces } };
  }

  function surprise(piece: RememberedPiece, before: RememberedPiece): Surprise {
    const known = surprises.get(piece) ?? surpriseOf(before.logits, piece.id);
    surprises.set(piece, known);
    return known;
  }

  function rank(piece: RememberedPiece): RankedPieces {
    const known = rankings.get(piece) ?? rankPieces(piece.logits);
    rankings.set(piece, known);
    return known;
  }

  function draw(settings: SamplingSettings): { id: number } | { end: 'ended' | 'full' } {
    const before = last.at(-1);
    if (!before || last.length >= input.longest) return { end: 'full' };
    const open = applySettings(rank(before), settings, barred);
    const id = drawPiece(open, numberFor(settings.seed, last.length));
    return id === ending ? { end: 'ended' } : { id };
  }

  /** Pieces as they go on behind the text: with a space before, unless the first goes on a word or is a mark. */
  function continuation(ids: readonly number[]): string {
    const text = tokenizer.decode([...ids]);
    const [first] = ids;
    if (first === undefined) return '';
    const piece = reader.pieces[first];
    if (piece.startsWith('##')) return text.replace(/^##/, '');
    return /^[.,!?;:)'’”]/u.test(piece) ? text : ` ${text}`;
  }

  function tokenOf(id: number, at: number): LensToken {
    const piece = reader.pieces[id];
    return { id, piece, original: piece, start: at, end: at, word: null, isMasked: false };
  }
}
