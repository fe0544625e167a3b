/**
 * What the lens remembers of the pieces that a decoder has read: the attention and the logits of each. Running on costs a pass over the new
 * pieces alone; a text that begins as the last one did is read from where it differs. Keys and values stay with the session.
 */
import type { LoadedModel, RunResult, Tensor } from '../../engine/runtime/types.ts';
import { attentionName, type DecoderDescription } from './decoder.ts';

/** A piece that was read. */
export interface RememberedPiece {
  id: number;
  /** Of every layer: float32 [heads, place + 1], rows that sum to 1. */
  attention: Float32Array[];
  /** For the piece that follows: float32 [pieces]. */
  logits: Float32Array;
}

/** How a pass went; undefined where every piece was known. */
export type PassReport = Omit<RunResult, 'outputs'> & { pieces: number };

export interface Memory {
  /** Reads these pieces, running the network on those that are new. */
  read: (
    ids: readonly number[],
    signal?: AbortSignal,
  ) => Promise<{ pieces: readonly RememberedPiece[]; report: PassReport | undefined }>;
  /** Forgets everything. */
  clear: () => void;
}

/** The values that a session for the lens must offer beside the logits. */
export function rememberedValues({ layers }: Pick<DecoderDescription, 'layers'>): string[] {
  return Array.from({ length: layers }, (_, layer) => attentionName(layer));
}

/** An empty memory of a decoder that was loaded with `remembers` and `rememberedValues`. */
export function openMemory(
  model: Pick<LoadedModel, 'run' | 'manifest'>,
  decoder: DecoderDescription,
): Memory {
  const { heads, layers } = decoder;
  const { input, output } = model.manifest;
  let known: RememberedPiece[] = [];
  return { read, clear: () => void (known = []) };

  async function read(
    ids: readonly number[],
    signal?: AbortSignal,
  ): Promise<{ pieces: readonly RememberedPiece[]; report: PassReport | undefined }> {
    const differs = ids.findIndex((id, place) => known[place]?.id !== id);
    const shared = differs < 0 ? ids.length : differs;
    const before = known.slice(0, shared);
    if (shared === ids.length) {
      known = before;
      return { pieces: before, report: undefined };
    }
    const text = { dtype: 'int64' as const, shape: [1, ids.length], data: BigInt64Array.from(ids, BigInt) };
    const { outputs, ...report } = await model.run(
      { [input.name]: text },
      { outputs: [output.name, ...rememberedValues(decoder)], known: shared, ...(signal && { signal }) },
    );
    // More than what is new where the session has read something else meanwhile, or was started anew
    const [, rows = 0] = outputs[output.name].shape;
    const from = ids.length - rows;
    known = [
      ...before.slice(0, from),
      ...ids.slice(from).map((id, at) => pieceAt(outputs, id, from + at, at, rows)),
    ];
    return { pieces: known, report: { ...report, pieces: rows } };
  }

  /** The piece that stands at the row `at` of what came, of `rows`. */
  function pieceAt(
    outputs: Record<string, Tensor>,
    id: number,
    place: number,
    at: number,
    rows: number,
  ): RememberedPiece {
    const seen = place + 1;
    const all = place - at + rows;
    return {
      id,
      logits: outputs[output.name].data.slice(at * decoder.pieces, (at + 1) * decoder.pieces),
      attention: Array.from({ length: layers }, (_, layer) => {
        const { data } = outputs[attentionName(layer)];
        const own = new Float32Array(heads * seen);
        for (let head = 0; head < heads; head++) {
          const from = (head * rows + at) * all;
          own.set(data.subarray(from, from + seen), head * seen);
        }
        return own;
      }),
    };
  }
}

/** Attention of every layer as float32 [heads, T, T]: nothing above the diagonal, since no piece sees a later one. */
export function wholeMaps(
  pieces: readonly RememberedPiece[],
  { layers, heads }: DecoderDescription,
): Float32Array[] {
  const count = pieces.length;
  return Array.from({ length: layers }, (_, layer) => {
    const map = new Float32Array(heads * count * count);
    pieces.forEach(({ attention }, place) => {
      const rows = attention[layer];
      const seen = place + 1;
      for (let head = 0; head < heads; head++)
        map.set(rows.subarray(head * seen, (head + 1) * seen), (head * count + place) * count);
    });
    return map;
  });
}
