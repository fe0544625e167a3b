import { ThawError, asThawError } from '../errors.ts';
import { isTextManifest, type AnyManifest, type Manifest } from '../registry/manifest.ts';
import type { TextManifest } from '../registry/text-manifest.ts';
import type { CreateSession, OrtSession } from './ort-session.ts';
import { partOf, prepareGraph, withOutputs, type PreparedGraph } from './prepare-graph.ts';
import type { InputTensors, NamedTensors, Precision } from './types.ts';

/** Extra sessions kept for values that were not declared at load; the oldest goes first. */
const MAX_EXTRA_SESSIONS = 2;

interface OpenSession {
  session: OrtSession;
  precision: Precision;
  values: ReadonlySet<string>;
  /** The values that it takes in place of the graph's inputs, sorted; empty for the whole graph. */
  from: string;
}

/** The sessions of one loaded model: one with the declared values, more when a run asks for others. */
export interface ModelSessions {
  readonly precision: Precision;
  /**
   * Runs with inputs as the manifest says (or values from the middle, float32) and returns the named values; an empty list means
   * the model's output. A value that the int8 graph does not have is read from the fp32 graph, and `precision` says so.
   * Throws ThawErrors 'bad-input', 'unknown-value', 'bad-model'.
   */
  run: (
    inputs: InputTensors,
    outputs: readonly string[],
  ) => Promise<{ outputs: NamedTensors; precision: Precision; elapsedMs: number }>;
  release: () => Promise<void>;
}

/** Opens the model's first session. `stored` is the model file; `now` a clock in milliseconds. */
export async function openModelSessions(
  stored: Uint8Array<ArrayBuffer>,
  manifest: AnyManifest,
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
  const open = async (
    precision: Precision,
    values: readonly string[],
    from: readonly { name: string; rank: number }[] = [],
  ): Promise<OpenSession> => {
    const wanted = new Set(values);
    const bytes = from.length
      ? partOf(graph(precision), from, [...wanted])
      : withOutputs(graph(precision), [...wanted]);
    const session = await create(bytes).catch((cause: unknown) => {
      throw asThawError(cause, {
        code: 'bad-model',
        message: `The network "${manifest.title}" could not be started.`,
        advice: 'Try again, or choose another backend.',
      });
    });
    const always = from.length ? [] : [manifest.output.name];
    return { session, precision, values: new Set([...wanted, ...always]), from: keyOf(from) };
  };
  const first = await open(
    want.precision,
    want.values.filter((value) => graph(want.precision).values.has(value)),
  );
  const extra: OpenSession[] = [];

  async function sessionFor(
    outputs: readonly string[],
    given: readonly { name: string; rank: number }[],
  ): Promise<OpenSession> {
    const fits = [first, ...extra].find(
      ({ values, from }) => from === keyOf(given) && outputs.every((name) => values.has(name)),
    );
    if (fits) return fits;
    const precision = outputs.every((name) => graph(want.precision).values.has(name))
      ? want.precision
      : 'fp32';
    const missing = [...outputs, ...given.map(({ name }) => name)].find(
      (name) => !graph(precision).values.has(name),
    );
    if (missing !== undefined) throw unknownValue(manifest, missing);
    const opened = await open(precision, outputs, given);
    extra.push(opened);
    if (extra.length > MAX_EXTRA_SESSIONS) await extra.shift()?.session.release();
    return opened;
  }

  return {
    precision: want.precision,
    async run(inputs, outputs) {
      const own = ownInputs(manifest);
      const isWhole = Object.keys(inputs).every((name) => own.includes(name));
      if (isWhole) checkInput(inputs, manifest);
      const given = isWhole
        ? []
        : Object.entries(inputs).map(([name, { shape }]) => ({ name, rank: shape.length }));
      const names = outputs.length > 0 ? outputs : [manifest.output.name];
      const { session, precision } = await sessionFor(names, given);
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

function keyOf(from: readonly { name: string }[]): string {
  return from
    .map(({ name }) => name)
    .sort()
    .join(' ');
}

/** The names of the graph's inputs. */
function ownInputs({ input }: AnyManifest): string[] {
  return 'mask' in input && input.mask !== undefined ? [input.name, input.mask] : [input.name];
}

function checkInput(inputs: InputTensors, manifest: AnyManifest): void {
  if (isTextManifest(manifest)) checkText(inputs, manifest);
  else checkPicture(inputs, manifest);
}

/** Every input int64 [N, T] of one shape, T at most what the network has places for. */
function checkText(inputs: InputTensors, manifest: TextManifest): void {
  const { longest } = manifest.input;
  const names = ownInputs(manifest);
  const [first, ...others] = names.map((name) => inputs[name] as InputTensors[string] | undefined);
  const [n = 0, length = 0, ...rest] = first?.shape ?? [];
  const isRight =
    n > 0 &&
    length > 0 &&
    length <= longest &&
    rest.length === 0 &&
    [first, ...others].every(
      (one) =>
        one?.dtype === 'int64' && one.data.length === n * length && one.shape.join() === `${n},${length}`,
    );
  if (isRight) return;
  throw new ThawError({
    code: 'bad-input',
    message: `"${manifest.title}" expects int64 [N, T] named ${names.map((name) => `"${name}"`).join(' and ')}, T at most ${longest}; ${first ? `[${first.shape.join(', ')}]` : 'nothing'} came.`,
    advice: 'Cut the text into pieces with the vocabulary of the same network.',
  });
}

function checkPicture(inputs: InputTensors, { input, title }: Manifest): void {
  const tensor = inputs[input.name] as InputTensors[string] | undefined;
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

function unknownValue(manifest: AnyManifest, name: string): ThawError {
  return new ThawError({
    code: 'unknown-value',
    message: `"${manifest.title}" has no value called "${name}".`,
    advice: 'Node names are value names, such as "layer1.0.relu2".',
    details: { name },
  });
}
