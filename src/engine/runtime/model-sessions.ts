import { ThawError, asThawError } from '../errors.ts';
import { isTextManifest, type AnyManifest, type Manifest } from '../registry/manifest.ts';
import type { TextManifest } from '../registry/text-manifest.ts';
import { createPieceMemory } from './piece-memory.ts';
import type { CreateSession, OrtSession } from './ort-session.ts';
import { partOf, prepareGraph, withOutputs, type GraphForm, type PreparedGraph } from './prepare-graph.ts';
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
   * the model's output. A decoder that remembers takes the whole text, [1, T], and returns rows of pieces from the place `known` on at the
   * latest, from an earlier one where less is remembered. A value that the int8 graph does not have is read from the fp32 graph, and `precision` says so.
   * Throws ThawErrors 'bad-input', 'unknown-value', 'bad-model'.
   */
  run: (
    inputs: InputTensors,
    outputs: readonly string[],
    known?: number,
  ) => Promise<{ outputs: NamedTensors; precision: Precision; elapsedMs: number }>;
  release: () => Promise<void>;
}

/** Opens the model's first session, or leaves it to the first run. `stored` is the model file; `now` a clock in milliseconds. */
export async function openModelSessions(
  stored: Uint8Array<ArrayBuffer>,
  manifest: AnyManifest,
  want: {
    precision: Precision;
    values: readonly string[];
    stopsAtValues?: boolean | undefined;
    onlyTrains?: boolean | undefined;
  } & GraphForm,
  create: CreateSession,
  now: () => number,
): Promise<ModelSessions> {
  const graphs = new Map<Precision, PreparedGraph>();
  const graph = (precision: Precision): PreparedGraph => {
    const known = graphs.get(precision) ?? prepareGraph(stored, manifest, precision, want);
    graphs.set(precision, known);
    return known;
  };
  const open = async (
    precision: Precision,
    values: readonly string[],
    from: readonly { name: string; rank: number }[] = [],
    isPart = from.length > 0,
  ): Promise<OpenSession> => {
    const wanted = new Set(values);
    const bytes = isPart
      ? partOf(graph(precision), from, [...wanted])
      : withOutputs(graph(precision), [...wanted]);
    const session = await create(bytes).catch((cause: unknown) => {
      throw asThawError(cause, {
        code: 'bad-model',
        message: `The network "${manifest.title}" could not be started.`,
        advice: 'Try again, or choose another backend.',
      });
    });
    const always = isPart ? [] : [manifest.output.name];
    return { session, precision, values: new Set([...wanted, ...always]), from: keyOf(from) };
  };
  const longest = isTextManifest(manifest) ? manifest.input.longest : 0;
  const begin = async () => {
    const { past, values } = graph(want.precision);
    const memory = createPieceMemory(manifest.input.name, longest, past);
    const declared = [...want.values, ...memory.values].filter((value) => values.has(value));
    return { memory, first: await open(want.precision, declared, [], want.stopsAtValues) };
  };
  let begun: ReturnType<typeof begin> | undefined;
  const opened = () => {
    begun ??= begin();
    // what failed may be tried again
    begun.catch(() => (begun = undefined));
    return begun;
  };
  if (!want.onlyTrains) await opened();
  const extra: OpenSession[] = [];

  async function sessionFor(
    first: OpenSession,
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
    async run(inputs, outputs, known = 0) {
      const own = ownInputs(manifest);
      const { memory, first } = await opened();
      const isRemembering = memory.values.length > 0;
      const isWhole = Object.keys(inputs).every((name) => own.includes(name));
      if (isWhole) checkInput(inputs, manifest, isRemembering);
      const given = isWhole
        ? []
        : Object.entries(inputs).map(([name, { shape }]) => ({ name, rank: shape.length }));
      const names = outputs.length > 0 ? outputs : [manifest.output.name];
      const asked = isRemembering && isWhole ? [...names, ...memory.values] : names;
      const { session, precision } = await sessionFor(first, asked, given);
      const startedAt = now();
      const turn = asked === names ? undefined : memory.goOn(inputs, known);
      const answer = await session.run(turn?.inputs ?? inputs, asked);
      turn?.keep(answer);
      const elapsedMs = now() - startedAt;
      return {
        outputs: Object.fromEntries(names.map((name) => [name, answer[name]])),
        precision,
        elapsedMs,
      };
    },
    async release() {
      const own = await begun;
      for (const { session } of own ? [own.first, ...extra] : []) await session.release();
      graphs.clear();
      own?.memory.clear();
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
  const more = 'mask' in input || 'segments' in input ? [input.mask, input.segments, input.serial] : [];
  return [input.name, ...more.filter((name) => name !== undefined)];
}

function checkInput(inputs: InputTensors, manifest: AnyManifest, isRemembering: boolean): void {
  if (isTextManifest(manifest)) checkText(inputs, manifest, isRemembering);
  else checkPicture(inputs, manifest);
}

/**
 * Every input int64 [N, T] of one shape, N = 1 where the network remembers; T at most what the network has places for; the serial
 * numbers int64 [N].
 */
function checkText(inputs: InputTensors, manifest: TextManifest, isRemembering: boolean): void {
  const { longest, isPadded = false, serial } = manifest.input;
  const names = ownInputs(manifest).filter((name) => name !== serial);
  const [first, ...others] = names.map((name) => inputs[name] as InputTensors[string] | undefined);
  const [n = 0, length = 0, ...rest] = first?.shape ?? [];
  const isRight =
    (isRemembering ? n === 1 : n > 0) &&
    length > 0 &&
    (isPadded ? length === longest : length <= longest) &&
    rest.length === 0 &&
    (serial === undefined || inputs[serial]?.shape.join() === String(n)) &&
    [first, ...others].every(
      (one) =>
        one?.dtype === 'int64' && one.data.length === n * length && one.shape.join() === `${n},${length}`,
    );
  if (isRight) return;
  throw new ThawError({
    code: 'bad-input',
    message: `"${manifest.title}" expects int64 [${isRemembering ? 1 : 'N'}, T] named ${names.map((name) => `"${name}"`).join(' and ')}, T ${isPadded ? 'exactly' : 'at most'} ${longest}; ${first ? `[${first.shape.join(', ')}]` : 'nothing'} came.`,
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
