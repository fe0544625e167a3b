/** The trainings that are open in one place: the page's worker, or Node. Its code is loaded when the first one starts. */
import type { ByteStore } from '../download/byte-store.ts';
import { sha256Hex } from '../download/sha256.ts';
import { ThawError } from '../errors.ts';
import type { PoolMethod } from '../autodiff/gradient-rule.ts';
import { readModel } from '../onnx/reader.ts';
import { writeModel } from '../onnx/writer.ts';
import type { CreateSession } from '../runtime/ort-session.ts';
import { openCheckpointStore } from './checkpoint.ts';
import type { CheckpointStore } from './checkpoint.ts';
import { createTrainingGate, driveTraining } from './drive.ts';
import type { TrainingGate } from './drive.ts';
import { openTraining } from './training.ts';
import type { Training } from './training.ts';
import type { SteerAction, TrainingEnd, TrainingNews, TrainingOrder } from './types.ts';

/** The network that a training begins with. */
export interface TrainingSource {
  /** Its file. */
  readonly stored: Uint8Array<ArrayBuffer>;
  /** Differs when the file does; such as its hash. */
  readonly identity: string;
  readonly createSession: CreateSession;
  readonly poolMethod: PoolMethod;
}

/** What trainings need from where they run. */
export interface TrainingHost {
  /** Runs work in its turn; the runtime allows no overlapping calls. Rejects with 'cancelled' when the signal aborts before. */
  readonly enqueue: <T>(signal: AbortSignal, work: () => Promise<T>) => Promise<T>;
  /** Lets messages in: kernels and promises alone leave none a chance between two steps, and nobody could pause. */
  readonly listen: () => Promise<void>;
  /** Where trainings are kept that ask for it. */
  readonly store: ByteStore;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
}

/** Trainings by number. Every method but `open` throws a ThawError 'disposed' for a number that is not open. */
export interface Trainings {
  open: (
    source: TrainingSource,
    order: TrainingOrder,
  ) => Promise<{ training: number; step: number; steps: number }>;
  drive: (
    training: number,
    signal: AbortSignal,
    onNews: (news: TrainingNews) => void,
  ) => Promise<TrainingEnd>;
  steer: (training: number, action: SteerAction) => void;
  write: (training: number) => Uint8Array<ArrayBuffer>;
  close: (training: number) => Promise<void>;
}

interface Entry {
  readonly training: Training;
  readonly gate: TrainingGate;
  readonly store: CheckpointStore | undefined;
  readonly closing: AbortController;
  /** The last drive, until it has stopped and been kept. */
  driving: Promise<unknown>;
}

/** No trainings yet. */
export function openTrainings({ enqueue, listen, store, now }: TrainingHost): Trainings {
  const entries = new Map<number, Entry>();
  let nextNumber = 1;
  const find = (training: number): Entry => {
    const entry = entries.get(training);
    if (entry) return entry;
    throw new ThawError({
      code: 'disposed',
      message: 'The training has been put away.',
      advice: 'Start it again.',
    });
  };

  return {
    async open({ stored, identity, createSession, poolMethod }, { task, settings, keep }) {
      const kept =
        keep === undefined
          ? undefined
          : await openCheckpointStore(store, keep, await describe(identity, { task, settings }));
      const from = await kept?.find();
      const ports = { createSession, now, poolMethod };
      const training = openTraining(readModel(stored), task, settings, ports, from);
      const number = nextNumber++;
      const closing = new AbortController();
      entries.set(number, {
        training,
        gate: createTrainingGate(),
        store: kept,
        closing,
        driving: Promise.resolve(),
      });
      return { training: number, step: training.step, steps: training.steps };
    },
    async drive(number, signal, onNews) {
      const entry = find(number);
      const { training, gate, store: kept, closing } = entry;
      // one that was called off a moment ago may still be at its last step
      await entry.driving;
      const either = AbortSignal.any([signal, closing.signal]);
      const driving = driveTraining(training, {
        gate,
        signal: either,
        async turn(work) {
          await listen();
          return enqueue(either, work);
        },
        onReport: (report) => onNews({ kind: 'step', report }),
        onPhase: (facts) => onNews({ kind: 'phase', facts }),
        store: kept,
        now,
      });
      entry.driving = driving.catch(() => undefined);
      return driving;
    },
    steer(number, action) {
      find(number).gate[action]();
    },
    write: (number) => writeModel(find(number).training.trainedModel()),
    async close(number) {
      const { training, closing, driving } = find(number);
      entries.delete(number);
      closing.abort();
      await driving;
      await enqueue(new AbortController().signal, () => training.release());
    },
  };
}

/** Everything that a training's numbers follow from. */
async function describe(identity: string, { task, settings }: TrainingOrder): Promise<string> {
  const sets = [task.train, task.heldOut, task.validation].filter((set) => set !== undefined);
  const hashes = await Promise.all(
    sets.flatMap(({ inputs }) =>
      Object.values(inputs).map(({ data }) => {
        const { buffer, byteOffset, byteLength } = data as Float32Array<ArrayBuffer>;
        return sha256Hex(new Uint8Array(buffer, byteOffset, byteLength));
      }),
    ),
  );
  const labels = sets.map((set) => [[...set.labels], set.views ?? 1]);
  return JSON.stringify([identity, settings, task.classes, labels, hashes]);
}
