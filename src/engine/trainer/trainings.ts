/** The trainings that are open in one place: the page's worker, or Node. Its code is loaded when the first one starts. */
import type { ByteStore } from '../download/byte-store.ts';
import { sha256Hex } from '../download/sha256.ts';
import { ThawError, isThawError } from '../errors.ts';
import type { PoolMethod } from '../autodiff/gradient-rule.ts';
import { readModel } from '../onnx/reader.ts';
import { writeModel } from '../onnx/writer.ts';
import type { CreateSession } from '../runtime/ort-session.ts';
import { openAsking } from './ask.ts';
import type { Asking } from './ask.ts';
import { openCheckpointStore } from './checkpoint.ts';
import type { CheckpointStore } from './checkpoint.ts';
import { createTrainingGate, driveTraining } from './drive.ts';
import type { TrainingGate } from './drive.ts';
import { openTraining } from './training.ts';
import type { Training } from './training.ts';
import type {
  SteerAction,
  TrainingAnswer,
  TrainingEnd,
  TrainingNews,
  TrainingOrder,
  TrainingQuestion,
} from './types.ts';

/** The network that a training begins with. */
export interface TrainingSource {
  /** Its file. */
  readonly stored: Uint8Array<ArrayBuffer>;
  /** Differs when the file does; such as its hash. */
  readonly identity: string;
  readonly createSession: CreateSession;
  readonly poolMethod: PoolMethod;
  /** Rejects when what runs the sessions is gone; their calls may then never end. */
  readonly lost?: Promise<never>;
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
  /** Of the runtime's WebAssembly module; where it has none, undefined. */
  readonly memoryBytes?: () => number;
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
  ask: (training: number, question: TrainingQuestion) => Promise<TrainingAnswer>;
  write: (training: number) => Uint8Array<ArrayBuffer>;
  close: (training: number) => Promise<void>;
}

interface Entry {
  readonly training: Training;
  readonly gate: TrainingGate;
  readonly asking: Asking;
  readonly store: CheckpointStore | undefined;
  readonly closing: AbortController;
  readonly lost: Promise<never> | undefined;
  /** The last drive, until it has stopped and been kept. */
  driving: Promise<unknown>;
}

/** No trainings yet. */
export function openTrainings({ enqueue, listen, store, now, memoryBytes }: TrainingHost): Trainings {
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
    async open(
      { stored, identity, createSession, poolMethod, lost },
      { task, settings, keep, isAnew = false, from: handed },
    ) {
      const kept =
        keep === undefined
          ? undefined
          : await openCheckpointStore(store, keep, await describe(identity, { task, settings }));
      const from = handed ?? (isAnew ? undefined : await kept?.find());
      const ports = { createSession, now, poolMethod, ...(memoryBytes && { memoryBytes }) };
      const training = openTraining(readModel(stored), task, settings, ports, from);
      const number = nextNumber++;
      const closing = new AbortController();
      entries.set(number, {
        training,
        gate: createTrainingGate(),
        asking: openAsking(training, createSession),
        store: kept,
        closing,
        lost,
        driving: Promise.resolve(),
      });
      return { training: number, step: training.step, steps: training.steps };
    },
    async drive(number, signal, onNews) {
      const entry = find(number);
      const { training, gate, store: kept, closing, lost } = entry;
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
      try {
        return await (lost ? Promise.race([driving, lost]) : driving);
      } catch (error) {
        if (!isThawError(error, 'cancelled')) onNews({ kind: 'stopped', kept: training.checkpoint() });
        throw error;
      }
    },
    steer(number, action) {
      find(number).gate[action]();
    },
    async ask(number, question) {
      const { asking, driving, closing } = find(number);
      await driving;
      return enqueue(closing.signal, () => asking.ask(question));
    },
    write: (number) => writeModel(find(number).training.trainedModel()),
    async close(number) {
      const { training, asking, closing, driving } = find(number);
      entries.delete(number);
      closing.abort();
      await driving;
      await enqueue(new AbortController().signal, async () => {
        await asking.release();
        await training.release();
      });
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
