/**
 * What a training is at a step, so that it can go on from there bit for bit: as plain data, and as bytes for a store.
 *
 * Bytes: the length of a JSON head (uint32, little-endian), the head padded to a multiple of 4, then all vectors as float32.
 */
import type { ByteStore } from '../download/byte-store.ts';
import { sha256Hex } from '../download/sha256.ts';
import { ThawError } from '../errors.ts';
import type { TrainingEnd } from './types.ts';

/** Vectors by name, float32. */
export type Vectors = ReadonlyMap<string, Float32Array>;

/** A training at a step. Batches, fresh weights and cached values follow from its settings and its task. */
export interface Checkpoint {
  readonly step: number;
  /** Every weight and running statistic that was trained so far, by initializer. */
  readonly weights: Vectors;
  /** The optimizer's moments, by the input of the phase's step. */
  readonly moments: Vectors;
  readonly firstLoss: number | undefined;
  /** What early stopping knows: the lowest loss, when it was, its weights, and evaluations since. */
  readonly best:
    | { readonly loss: number; readonly step: number; readonly weights: Vectors; readonly since: number }
    | undefined;
  readonly end: TrainingEnd | undefined;
}

/** Moments are named by their vector: another way to share weights out is another version. */
const version = 2;

interface Head {
  version: number;
  step: number;
  firstLoss: number | null;
  best: { loss: number; step: number; since: number } | null;
  end: TrainingEnd | null;
  vectors: [part: 'weights' | 'moments' | 'best', name: string, length: number][];
}

/** A checkpoint as bytes. */
export function encodeCheckpoint({
  step,
  weights,
  moments,
  firstLoss,
  best,
  end,
}: Checkpoint): Uint8Array<ArrayBuffer> {
  const parts = [
    ['weights', weights],
    ['moments', moments],
    ['best', best?.weights ?? new Map<string, Float32Array>()],
  ] as const;
  const head: Head = {
    version,
    step,
    firstLoss: firstLoss ?? null,
    best: best ? { loss: best.loss, step: best.step, since: best.since } : null,
    end: end ?? null,
    vectors: parts.flatMap(([part, vectors]) =>
      [...vectors].map(([name, { length }]): Head['vectors'][number] => [part, name, length]),
    ),
  };
  const text = new TextEncoder().encode(JSON.stringify(head));
  let at = 4 + Math.ceil(text.length / 4) * 4;
  const total = head.vectors.reduce((sum, [, , length]) => sum + length, 0);
  const bytes = new Uint8Array(at + 4 * total).fill(32, 4, at);
  new DataView(bytes.buffer).setUint32(0, at - 4, true);
  bytes.set(text, 4);
  for (const [, vectors] of parts)
    for (const vector of vectors.values()) {
      new Float32Array(bytes.buffer, at, vector.length).set(vector);
      at += 4 * vector.length;
    }
  return bytes;
}

/** @throws ThawError 'bad-input' for bytes that are no checkpoint of this version. */
export function decodeCheckpoint(bytes: Uint8Array<ArrayBuffer>): Checkpoint {
  try {
    const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
    const head = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length))) as Head;
    if (head.version !== version) throw new RangeError(`version ${head.version}`);
    const vectors = {
      weights: new Map<string, Float32Array>(),
      moments: new Map<string, Float32Array>(),
      best: new Map<string, Float32Array>(),
    };
    // a copy, so that the vectors are aligned
    const floats = new Float32Array(bytes.slice(4 + length).buffer);
    let at = 0;
    for (const [part, name, count] of head.vectors) {
      if (at + count > floats.length) throw new RangeError('too short');
      vectors[part].set(name, floats.slice(at, at + count));
      at += count;
    }
    return {
      step: head.step,
      weights: vectors.weights,
      moments: vectors.moments,
      firstLoss: head.firstLoss ?? undefined,
      best: head.best ? { ...head.best, weights: vectors.best } : undefined,
      end: head.end ?? undefined,
    };
  } catch (cause) {
    throw new ThawError(
      {
        code: 'bad-input',
        message: 'The stored training cannot be read.',
        advice: 'Start the training anew.',
        details: { reason: String(cause).slice(0, 200) },
      },
      { cause },
    );
  }
}

/** Where trainings are kept between visits, one under each label. */
export interface CheckpointStore {
  save: (checkpoint: Checkpoint) => Promise<void>;
  /** The stored training of the same task and settings, if there is one that can be read. */
  find: () => Promise<Checkpoint | undefined>;
  forget: () => Promise<void>;
}

/**
 * Keeps a training among the downloaded files, so that one page lists and deletes them all.
 * @param label such as "training freeze-lab"; an older training under it is replaced.
 * @param identity what the training is: its model, settings and task, in words or numbers that differ when these do.
 */
export async function openCheckpointStore(
  store: ByteStore,
  label: string,
  identity: string,
): Promise<CheckpointStore> {
  const key = { label, sha256: await sha256Hex(new TextEncoder().encode(identity)) };
  return {
    save: (checkpoint) => store.write(key, encodeCheckpoint(checkpoint)),
    async find() {
      const bytes = await store.read(key);
      try {
        return bytes && decodeCheckpoint(bytes);
      } catch {
        await store.forget(key);
        return undefined;
      }
    },
    forget: () => store.forget(key),
  };
}
