/** Running one network of a reader's: its session, the inputs of the last run, and values in between. */
import { ThawError, asThawError } from '../../engine/errors.ts';
import { addOutputs } from '../../engine/onnx/add-outputs.ts';
import { externalFiles } from '../../engine/onnx/external-data.ts';
import { cutModel } from '../../engine/onnx/edits/cut.ts';
import { loadWeights } from '../../engine/onnx/load-weights.ts';
import type { ValueType } from '../../engine/onnx/shapes.ts';
import type { Model } from '../../engine/onnx/types.ts';
import { writeModel } from '../../engine/onnx/writer.ts';
import type { AnySession, AnyTensors } from '../../engine/runtime/any-session.ts';
import { measureTensor, numbersOf, summariseTensor, type TensorSummary } from '../tensor-summary.ts';
import type { ChosenFiles } from './choose-file.ts';
import type { FilePorts } from './file-engine.ts';
import type { CheckedValue, FileRun, PartTime, Requests, TimedPart } from './protocol.ts';
import { median, timeRuns } from './time-runs.ts';

export interface FileRuns {
  run: (
    request: Requests['run'],
    onProgress: (receivedBytes: number, totalBytes: number) => void,
  ) => Promise<FileRun>;
  read: (names: readonly string[]) => Promise<TensorSummary[]>;
  check: (names: readonly string[]) => Promise<CheckedValue[]>;
  time: (parts: readonly TimedPart[]) => Promise<PartTime[]>;
}

/** WebAssembly addresses 4 GB at most, and a session needs its weights about twice while it is built. */
const mostBytes = 1.5e9;
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

  /** A part in a session of its own: nothing is fused across its borders, which the sum of all parts pays for. */
  async function timePart({ id, from, to }: TimedPart, values: AnyTensors): Promise<PartTime> {
    const info = (name: string) => {
      const dtype = types.get(name)?.dtype;
      return { name, ...(dtype && { dtype }) };
    };
    try {
      const starts = from.filter((name) => !model.graph.inputs.some((input) => input.name === name));
      const part = cutModel(model, { from: starts.map(info), to: to.map(info) });
      const session = await openSession?.(writeModel(await loadWeights(part)));
      if (!session) return { id, elapsedMs: undefined };
      const inputs = Object.fromEntries(part.graph.inputs.map(({ name }) => [name, values[name]]));
      await session.run(inputs, to);
      const elapsed = await timeRuns(() => session.run(inputs, to), ports.now, { forMs: 60, atMost: 15 });
      await session.release();
      return { id, elapsedMs: median(elapsed) };
    } catch {
      // The runtime refuses some operators without their neighbours; the others still have their times
      return { id, elapsedMs: undefined };
    }
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
      const times = await timeRuns(() => compute(outputNames), ports.now, { forMs: 800, atMost: 15 });
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
    async time(parts) {
      const needed = new Set(parts.flatMap(({ from }) => from).filter((name) => !(name in (last ?? {}))));
      const values: AnyTensors = { ...last, ...(needed.size > 0 ? await compute([...needed]) : {}) };
      const times: PartTime[] = [];
      for (const part of parts) times.push(await timePart(part, values));
      return times;
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
