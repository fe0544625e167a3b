/**
 * How long networks take on this device: each network on each backend with each number of threads, one after the other. An async
 * generator of steps, so that a page can follow along, pause it and call it off.
 *
 *   (running* row)* for every trial; a trial that cannot be done ends in a row that says why
 */
import { asThawError, isThawError } from '../engine/errors.ts';
import type { AnyManifest } from '../engine/registry/manifest.ts';
import type { TextInputSpec } from '../engine/registry/text-manifest.ts';
import type { Backend, InputTensors, LoadedModel, Precision, Runtime } from '../engine/runtime/types.ts';

/** One line of the table before it is measured. */
export interface Trial {
  modelId: string;
  backend: Backend;
  /** Threads asked for; 1 under WebGPU. */
  threads: number;
  precision: Precision;
}

/** One line of the table. */
export interface BenchmarkRow extends Trial {
  /** Undefined where the trial could not be done. */
  times?: { medianMs: number; p90Ms: number; runs: number };
  /** From asking for the network to the first answer, milliseconds. */
  firstMs?: number;
  /** All memory of the page and its workers after the runs, bytes; undefined where the browser does not tell. */
  memoryBytes?: number;
  /** Why there are no times, or what was different from what was asked for; usually empty. */
  remark: string;
}

export type BenchmarkStep =
  | { kind: 'running'; trial: Trial; done: number; total: number; share: number }
  | { kind: 'row'; row: BenchmarkRow; done: number; total: number };

/** What the benchmark needs from the page. */
export interface BenchmarkPorts {
  /** A runtime of its own with so many threads. */
  openRuntime: (threads: number) => Runtime;
  /** Resolves when the page can be seen: a hidden page gets little of the processor. */
  whenSeen: (signal: AbortSignal) => Promise<void>;
  /** Bytes of memory in use; undefined where the browser does not tell. */
  memory: () => Promise<number | undefined>;
  /** Milliseconds, monotonic. */
  now: () => number;
}

/** Runs before the counted ones: kernels are compiled anew, and better, once they have run. */
const WARM_UP = 10;
/** A sentence of the usual length. */
const TEXT_PIECES = 16;
const RUNS = 30;
/** A slow device stops counting after so long, but not before 5 runs. */
const LONGEST_MS = 6000;
const FEWEST_RUNS = 5;

const NO_THREADS = 'Threads need an isolated page; this host does not send the headers for it.';

/** The trials for these networks: 1, 2 and 4 threads as far as the device has cores, in both precisions, then WebGPU. */
export function planTrials(
  modelIds: readonly string[],
  { backends, cores }: { backends: readonly Backend[]; cores: number },
): Trial[] {
  const threads = [1, 2, 4].filter((count) => count === 1 || count <= cores);
  return modelIds.flatMap((modelId) => [
    ...(backends.includes('wasm') ? threads : []).flatMap((count) =>
      (['int8', 'fp32'] as const).map((precision): Trial => ({
        modelId,
        backend: 'wasm',
        threads: count,
        precision,
      })),
    ),
    ...(backends.includes('webgpu')
      ? [{ modelId, backend: 'webgpu', threads: 1, precision: 'fp32' } satisfies Trial]
      : []),
  ]);
}

/** Measures the trials in order. Rejects with a ThawError 'cancelled' when the signal aborts; every other failure is a row. */
export async function* benchmark(
  trials: readonly Trial[],
  ports: BenchmarkPorts,
  signal: AbortSignal,
): AsyncGenerator<BenchmarkStep, void, void> {
  const total = trials.length;
  for (const [done, trial] of trials.entries()) {
    yield { kind: 'running', trial, done, total, share: 0 };
    const runtime = ports.openRuntime(trial.threads);
    try {
      const row = yield* measure(runtime, trial, { done, total }, ports, signal);
      yield { kind: 'row', row, done: done + 1, total };
    } catch (error) {
      if (signal.aborted || isThawError(error, 'cancelled')) throw error;
      yield { kind: 'row', row: { ...trial, remark: sayWhy(error) }, done: done + 1, total };
    } finally {
      runtime.dispose();
    }
  }
}

async function* measure(
  runtime: Runtime,
  trial: Trial,
  place: { done: number; total: number },
  { whenSeen, memory, now }: BenchmarkPorts,
  signal: AbortSignal,
): AsyncGenerator<BenchmarkStep, BenchmarkRow, void> {
  const { modelId, backend, precision } = trial;
  const askedAt = now();
  const model = await runtime.load(modelId, { backend, precision, signal });
  await model.run(makeInput(model.manifest, 0), { signal });
  const firstMs = now() - askedAt;
  const { report } = model;
  if (report.backend !== backend) return { ...trial, remark: report.note };
  if (report.threads < trial.threads) return { ...trial, remark: report.note || NO_THREADS };
  const times: number[] = [];
  let sumMs = 0;
  for (let run = -WARM_UP; run < RUNS; run++) {
    await whenSeen(signal);
    const elapsedMs = await runOnce(model, run, signal);
    if (run >= 0) times.push(elapsedMs);
    sumMs += elapsedMs;
    yield { kind: 'running', trial, ...place, share: (run + WARM_UP) / (RUNS + WARM_UP) };
    if (sumMs > LONGEST_MS && times.length >= FEWEST_RUNS) break;
    if (sumMs > LONGEST_MS && run < 0) run = -1;
  }
  const memoryBytes = await memory();
  const sorted = times.toSorted((a, b) => a - b);
  return {
    ...trial,
    precision: report.precision,
    times: { medianMs: quantile(sorted, 0.5), p90Ms: quantile(sorted, 0.9), runs: times.length },
    firstMs,
    ...(memoryBytes !== undefined && { memoryBytes }),
    remark: model.report.note,
  };
}

async function runOnce(model: LoadedModel, seed: number, signal: AbortSignal): Promise<number> {
  return (await model.run(makeInput(model.manifest, seed), { signal })).elapsedMs;
}

/** One picture of smooth waves, float32 [1, C, H, W], or one text of some length, int64 [1, T]; another for each seed. */
function makeInput({ input, output }: AnyManifest, seed: number): InputTensors {
  if (!('resize' in input)) return makeText(input, output.classes, seed);
  const { name, shape } = input;
  const [, channels, height, width] = shape;
  const data = Float32Array.from(
    { length: channels * height * width },
    (_, i) => 1.5 * Math.sin(i * 0.37 + seed),
  );
  return { [name]: { dtype: 'float32', shape: [1, channels, height, width], data } };
}

function makeText({ name, mask, longest }: TextInputSpec, pieces: number, seed: number): InputTensors {
  const length = Math.min(TEXT_PIECES, longest);
  const shape = [1, length];
  const data = BigInt64Array.from({ length }, (_, i) => BigInt((Math.abs(seed) * 31 + i * 7) % pieces));
  return {
    [name]: { dtype: 'int64', shape, data },
    ...(mask !== undefined && {
      [mask]: { dtype: 'int64', shape: [...shape], data: new BigInt64Array(length).fill(1n) },
    }),
  };
}

/** The value below which this share of the sorted values lies, interpolated between neighbours; NaN for none. */
export function quantile(sorted: readonly number[], share: number): number {
  const at = (sorted.length - 1) * share;
  const below = sorted[Math.floor(at)] ?? NaN;
  const above = sorted[Math.ceil(at)] ?? NaN;
  return below + (above - below) * (at - Math.floor(at));
}

function sayWhy(error: unknown): string {
  return asThawError(error, {
    code: 'run-failed',
    message: error instanceof Error ? error.message : String(error),
    advice: '',
  }).message;
}
