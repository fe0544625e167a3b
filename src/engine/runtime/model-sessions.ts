import { ThawError, asThawError } from '../errors.ts';
import type { Manifest } from '../registry/manifest.ts';
import type { CreateSession, OrtSession } from './ort-session.ts';
import { prepareGraph, withOutputs, type PreparedGraph } from './prepare-graph.ts';
import type { NamedTensors, Precision, Tensor } from './types.ts';

/** Extra sessions kept for values that were not declared at load; the oldest goes first. */
const MAX_EXTRA_SESSIONS = 2;

interface OpenSession {
  session: OrtSession;
  precision: Precision;
  values: ReadonlySet<string>;
}

/** The sessions of one loaded model: one with the declared values, more when a run asks for others. */
export interface ModelSessions {
  readonly precision: Precision;
  /**
   * Runs with float32 inputs [N, …] as the manifest says and returns the named values; an empty list means the model's
   * output. A value that the int8 graph does not have is read from the fp32 graph, and `precision` says so.
   * Throws ThawErrors 'bad-input', 'unknown-value', 'bad-model'.
   */
  run: (
    inputs: NamedTensors,
    outputs: readonly string[],
  ) => Promise<{ outputs: NamedTensors; precision: Precision; elapsedMs: number }>;
  release: () => Promise<void>;
}

/** Opens the model's first session. `stored` is the model file; `now` a clock in milliseconds. */
export async function openModelSessions(
  stored: Uint8Array<ArrayBuffer>,
  manifest: Manifest,
  want: { precision: Precision; values: readonly string[]; weightSeed?: number | undefined },
  create: CreateSession,
  now: () => number,
): Promise<ModelSessions> {
  const graphs = new Map<Precision, PreparedGraph>();
  const graph = (precision: Precision): PreparedGraph => {
    const known = graphs.get(precision) ?? prepareGraph(stored, manifest, precision, want.weightSeed);
    graphs.set(precision, known);
    return known;
  };
  const open = async (precision: Precision, values: readonly string[]): Promise<OpenSession> => {
    const wanted = new Set(values);
    const bytes = withOutputs(graph(precision), [...wanted]);
    const session = await create(bytes).catch((cause: unknown) => {
      throw asThawError(cause, {
        code: 'bad-model',
        message: `The network "${manifest.title}" could not be started.`,
        advice: 'Try again, or choose another backend.',
      });
    });
    return { session, precision, values: new Set([...wanted, manifest.output.name]) };
  };
  const first = await open(
    want.precision,
    want.values.filter((value) => graph(want.precision).values.has(value)),
  );
  const extra: OpenSession[] = [];

  async function sessionFor(outputs: readonly string[]): Promise<OpenSession> {
    const fits = [first, ...extra].find(({ values }) => outputs.every((name) => values.has(name)));
    if (fits) return fits;
    const precision = outputs.every((name) => graph(want.precision).values.has(name))
      ? want.precision
      : 'fp32';
    const missing = outputs.find((name) => !graph(precision).values.has(name));
    if (missing !== undefined) throw unknownValue(manifest, missing);
    const opened = await open(precision, outputs);
    extra.push(opened);
    if (extra.length > MAX_EXTRA_SESSIONS) await extra.shift()?.session.release();
    return opened;
  }

  return {
    precision: want.precision,
    async run(inputs, outputs) {
      checkInput(inputs, manifest);
      const names = outputs.length > 0 ? outputs : [manifest.output.name];
      const { session, precision } = await sessionFor(names);
      const startedAt = now();
      const answer = await session.run(inputs, names);
      return { outputs: answer, precision, elapsedMs: now() - startedAt };
    },
    async release() {
      for (const { session } of [first, ...extra]) await session.release();
      graphs.clear();
    },
  };
}

function checkInput(inputs: NamedTensors, { input, title }: Manifest): void {
  const tensor = inputs[input.name] as Tensor | undefined;
  const [, channels, height, width] = input.shape;
  const expected = `float32 [N, ${channels}, ${height}, ${width}] named "${input.name}"`;
  const shape = tensor?.shape ?? [];
  const [n = 0, ...rest] = shape;
  const isRight =
    n > 0 &&
    rest.join() === [channels, height, width].join() &&
    tensor?.data.length === n * channels * height * width;
  if (isRight) return;
  throw new ThawError({
    code: 'bad-input',
    message: `"${title}" expects ${expected}; ${tensor ? `[${shape.join(', ')}] with ${tensor.data.length} numbers` : 'nothing'} came.`,
    advice: 'Prepare the picture with the manifest of the same network.',
  });
}

function unknownValue(manifest: Manifest, name: string): ThawError {
  return new ThawError({
    code: 'unknown-value',
    message: `"${manifest.title}" has no value called "${name}".`,
    advice: 'Node names are value names, such as "layer1.0.relu2".',
    details: { name },
  });
}
