/** Running one network of a reader's: its session, the inputs of the last run, and values in between. */
import { ThawError, asThawError } from '../../engine/errors.ts';
import { addOutputs } from '../../engine/onnx/add-outputs.ts';
import { externalFiles } from '../../engine/onnx/external-data.ts';
import { loadWeights } from '../../engine/onnx/load-weights.ts';
import type { ValueType } from '../../engine/onnx/shapes.ts';
import type { Model } from '../../engine/onnx/types.ts';
import { writeModel } from '../../engine/onnx/writer.ts';
import type { AnySession, AnyTensors } from '../../engine/runtime/any-session.ts';
import { measureTensor, numbersOf, summariseTensor, type TensorSummary } from '../tensor-summary.ts';
import type { ChosenFiles } from './choose-file.ts';
import type { FilePorts } from './file-engine.ts';
import type { CheckedValue, FileRun, Requests } from './protocol.ts';

export interface FileRuns {
  run: (
    request: Requests['run'],
    onProgress: (receivedBytes: number, totalBytes: number) => void,
  ) => Promise<FileRun>;
  read: (names: readonly string[]) => Promise<TensorSummary[]>;
  check: (names: readonly string[]) => Promise<CheckedValue[]>;
}

/** WebAssembly addresses 4 GB at most, and a session needs its weights about twice while it is built. */
const mostBytes = 1.5e9;
/** A run is timed again until so much time has gone by, at least once and at most so often. */
const timed = { forMs: 800, atMost: 15 };
/** Values that are checked in one go. */
const checkedAtOnce = 64;

interface OpenSession {
  session: AnySession;
  values: ReadonlySet<string>;
}

/** The runs of a model. `types` says of what type its values are. Sessions are built when they are needed, one at a time. */
export function openFileRuns(
  model: Model,
  types: ReadonlyMap<string, ValueType>,
  chosen: ChosenFiles,
  ports: FilePorts,
): FileRuns {
  const outputNames = model.graph.outputs.map(({ name }) => name);
  let bytes: Uint8Array | undefined;
  let openSession: ((graph: Uint8Array<ArrayBuffer>) => Promise<AnySession>) | undefined;
  let open: OpenSession | undefined;
  let last: AnyTensors | undefined;

  /** The whole network in one piece, weights from other files brought in. */
  async function wholeFile(): Promise<Uint8Array> {
    const sizes = [chosen.model, ...chosen.files.values()].reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    if (sizes > mostBytes)
      throw new ThawError({
        code: 'out-of-memory',
        message: `The network has ${Math.round(sizes / 1e6).toLocaleString('en-GB')} MB, more than a page's WebAssembly can hold.`,
        advice: 'Its shapes, costs and weights can still be looked at; run it outside of the browser.',
      });
    if (externalFiles(model).length > 0) return writeModel(await loadWeights(model));
    return chosen.model.read(0, chosen.model.sizeBytes);
  }

  /** `isPlain`: a session that hands out nothing else, whose times tell how long the network takes. */
  async function sessionFor(wanted: readonly string[], isPlain = false): Promise<AnySession> {
    const isFit = isPlain ? open?.values.size === outputNames.length : true;
    if (open && isFit && wanted.every((name) => open?.values.has(name))) return open.session;
    if (!openSession)
      throw new ThawError({
        code: 'disposed',
        message: 'The network has not been run yet.',
        advice: 'Run it first.',
      });
    await open?.session.release();
    open = undefined;
    bytes ??= await wholeFile();
    const extra = wanted.filter((name) => !outputNames.includes(name));
    const graph = addOutputs(
      bytes,
      extra.map((name) => {
        const dtype = types.get(name)?.dtype;
        return { name, ...(dtype && { dtype }) };
      }),
    );
    const session = await openSession(graph).catch((cause: unknown) => {
      throw refused(cause, 'This page’s runtime cannot build the network');
    });
    open = { session, values: new Set([...outputNames, ...extra]) };
    return session;
  }

  async function compute(names: readonly string[]): Promise<AnyTensors> {
    if (!last)
      throw new ThawError({
        code: 'disposed',
        message: 'Nothing has been run yet.',
        advice: 'Run it first.',
      });
    const session = await sessionFor(names);
    return session.run(last, names).catch((cause: unknown) => {
      throw refused(cause, 'The network stopped with an error');
    });
  }

  return {
    async run(request, onProgress) {
      const runtime = await ports.openRuntime(request, onProgress);
      ({ openSession } = runtime);
      last = request.inputs;
      const startedAt = ports.now();
      await sessionFor(outputNames, true);
      const sessionMs = ports.now() - startedAt;
      const outputs = await compute(outputNames);
      const times = await timeRuns(() => compute(outputNames), ports.now);
      return {
        outputs: outputNames.map((name) => summariseTensor(name, outputs[name])),
        elapsedMs: median(times),
        timedRuns: times.length,
        sessionMs,
        threads: runtime.threads,
      };
    },
    async read(names) {
      const values = await compute(names);
      return names.map((name) => summariseTensor(name, values[name]));
    },
    async check(names) {
      const checked: CheckedValue[] = [];
      for (let start = 0; start < names.length; start += checkedAtOnce) {
        const part = names.slice(start, start + checkedAtOnce);
        const values = await compute(part);
        for (const name of part) {
          const numbers = numbersOf(values[name]);
          if (!numbers) continue;
          const { notNumbers, infinite } = measureTensor(numbers);
          checked.push({ name, notNumbers, infinite });
        }
      }
      return checked;
    },
  };
}

async function timeRuns(run: () => Promise<unknown>, now: () => number): Promise<number[]> {
  const times: number[] = [];
  const until = now() + timed.forMs;
  do {
    const startedAt = now();
    await run();
    times.push(now() - startedAt);
  } while (times.length < timed.atMost && now() < until);
  return times;
}

function median(times: readonly number[]): number {
  const sorted = times.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The runtime's own words are the only ones that say what it lacks: they follow, cut to what can be read. */
function refused(cause: unknown, what: string): ThawError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const isMemory = /bad_alloc|out of memory|Cannot enlarge|allocation failed|OOM/i.test(reason);
  if (isMemory)
    return new ThawError(
      {
        code: 'out-of-memory',
        message: 'This device has too little free memory for the network.',
        advice: 'Close other tabs and try again, or make its inputs smaller.',
        details: { reason: reason.slice(0, 500) },
      },
      { cause },
    );
  const short = reason
    .replace(/^.*?(?:ERROR_MESSAGE|error message):\s*/is, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return asThawError(cause, {
    code: 'run-failed',
    message: `${what}: ${short.length > 240 ? `${short.slice(0, 239)}…` : short}`,
    advice: 'Check the shapes and types of its inputs; shapes, costs and weights can still be looked at.',
  });
}
