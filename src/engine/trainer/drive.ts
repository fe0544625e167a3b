/** Runs a training to its end while others steer it. */
import { cancelledError, isThawError } from '../errors.ts';
import type { CheckpointStore } from './checkpoint.ts';
import type { Training } from './training.ts';
import type { PhaseFacts, StepReport, TrainingEnd } from './types.ts';

/** Holds a training before its next step, or lets one step pass. It starts out running. */
export interface TrainingGate {
  readonly isPaused: boolean;
  pause: () => void;
  resume: () => void;
  /** Lets a paused training take one step. */
  step: () => void;
  /** Resolves when the next step may be taken; at once while running. Rejects with 'cancelled' when the signal aborts. */
  pass: (signal: AbortSignal) => Promise<void>;
}

/** A gate that is open. */
export function createTrainingGate(): TrainingGate {
  let [isPaused, stepsAllowed] = [false, 0];
  let wake: () => void = () => undefined;
  const set = (paused: boolean, steps: number) => {
    isPaused = paused;
    stepsAllowed = steps;
    wake();
  };
  return {
    get isPaused() {
      return isPaused;
    },
    pause: () => set(true, 0),
    resume: () => set(false, 0),
    step: () => set(true, stepsAllowed + 1),
    async pass(signal) {
      while (isPaused && stepsAllowed === 0 && !signal.aborted) {
        const { promise, resolve } = Promise.withResolvers<undefined>();
        wake = () => resolve(undefined);
        signal.addEventListener('abort', () => resolve(undefined), { once: true });
        await promise;
      }
      if (signal.aborted) throw cancelledError('The training');
      if (isPaused) stepsAllowed--;
    },
  };
}

/** So many times as long as writing takes passes before the next. */
const writingShare = 20;

/** What a driven training needs around it. */
export interface DriveOptions {
  readonly gate: TrainingGate;
  readonly signal: AbortSignal;
  /** Runs one piece of work in its turn: other networks may run between two steps. */
  readonly turn: <T>(work: () => Promise<T>) => Promise<T>;
  readonly onReport: (report: StepReport) => void;
  readonly onPhase: (facts: PhaseFacts) => void;
  /** Where the training is kept; at every pause, when called off, at its end, and every `keepEveryMs` between. */
  readonly store?: CheckpointStore | undefined;
  /** Default 1 s. Where writing takes long it is done less often, so that it costs at most a twentieth of the time. */
  readonly keepEveryMs?: number;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
}

/**
 * Takes steps until the training ends.
 * @throws ThawError 'cancelled' when the signal aborts; the training then stands at its last whole step and may go on.
 */
export async function driveTraining(
  training: Training,
  { gate, signal, turn, onReport, onPhase, store, keepEveryMs = 1000, now }: DriveOptions,
): Promise<TrainingEnd> {
  let phase: PhaseFacts | undefined;
  let [keptAt, costMs] = [now(), 0];
  const keep = async () => {
    const startedAt = now();
    await store?.save(training.checkpoint());
    keptAt = now();
    costMs = keptAt - startedAt;
  };
  try {
    for (;;) {
      if (gate.isPaused) await keep();
      await gate.pass(signal);
      const report = await turn(async () => {
        const facts = await training.open();
        if (facts !== phase) onPhase((phase = facts));
        return training.next();
      });
      if (report) onReport(report);
      const end = report?.end ?? (report ? undefined : training.checkpoint().end);
      if (end ?? now() - keptAt > Math.max(keepEveryMs, writingShare * costMs)) await keep();
      if (end) return end;
    }
  } catch (error) {
    if (isThawError(error, 'cancelled')) await keep();
    throw error;
  }
}
