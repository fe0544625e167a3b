/** Examples behind the frozen layers: each row passes them once, when it is first asked for, and is remembered. */
import type { AnyTensors } from '../runtime/any-session.ts';
import type { NamedTensors } from '../runtime/types.ts';
import type { ExampleSet } from './types.ts';

/** Examples as the step reads them: rows as in the set. */
export interface PreparedSet {
  /** Only rows that were filled count. */
  readonly values: AnyTensors;
  readonly labels: Int32Array;
  /** Examples, without their views. */
  readonly count: number;
  /** Labels of one example. */
  readonly places: number;
  /** Runs the frozen layers over those of the rows that have not passed them. */
  readonly fill: (rows: readonly number[]) => Promise<void>;
}

/** The frozen layers as a graph of their own. */
export interface FrozenLayers {
  /** Their values for a batch of rows. */
  readonly run: (batch: AnyTensors) => Promise<NamedTensors>;
  readonly batchSize: number;
  /** What they make of one row: sizes without the batch axis, by name. */
  readonly sizes: ReadonlyMap<string, readonly number[]>;
}

/** The set as it is where nothing is remembered. */
export function plainSet({ inputs, labels, views }: ExampleSet): PreparedSet {
  return { ...measure(inputs, labels, views), values: inputs, fill: () => Promise.resolve() };
}

/** The set behind the frozen layers. `passed`: inputs that the step reads as they are, such as those of a skip. */
export function frozenSet(
  { inputs, labels, views }: ExampleSet,
  passed: AnyTensors,
  { run, batchSize, sizes }: FrozenLayers,
): PreparedSet {
  const rows = Object.values(inputs)[0].shape[0];
  const made = [...sizes].map(([name, size]) => {
    const inner = size.reduce((product, one) => product * one, 1);
    return { name, inner, shape: [rows, ...size], data: new Float32Array(rows * inner) };
  });
  const isKnown = new Set<number>();
  return {
    ...measure(inputs, labels, views),
    values: {
      ...passed,
      ...Object.fromEntries(made.map(({ name, shape, data }) => [name, { dtype: 'float32', shape, data }])),
    },
    async fill(wanted) {
      const missing = [...new Set(wanted)].filter((row) => !isKnown.has(row));
      for (let from = 0; from < missing.length; from += batchSize) {
        const part = missing.slice(from, from + batchSize);
        // the graph takes whole batches
        const padded = Array.from({ length: batchSize }, (_, at) => part[at % part.length]);
        const found = await run(gatherRows(inputs, padded));
        for (const { name, inner, data } of made)
          part.forEach((row, at) =>
            data.set(found[name].data.subarray(at * inner, (at + 1) * inner), row * inner),
          );
        for (const row of part) isKnown.add(row);
      }
    },
  };
}

/** Chosen rows of tensors [rows, …], copied. */
export function gatherRows(values: AnyTensors, rows: readonly number[]): AnyTensors {
  const entries = Object.entries(values).map(([name, { dtype, shape, data }]) => {
    const inner = data.length / shape[0];
    // all typed arrays have this constructor; the union of them hides it
    const Kind = data.constructor as new (length: number) => Float32Array;
    const chosen = new Kind(rows.length * inner);
    const from = data as Float32Array;
    rows.forEach((row, at) => chosen.set(from.subarray(row * inner, (row + 1) * inner), at * inner));
    return [name, { dtype, shape: [rows.length, ...shape.slice(1)], data: chosen }];
  });
  return Object.fromEntries(entries) as AnyTensors;
}

function measure(inputs: AnyTensors, labels: Int32Array, views = 1) {
  const count = Object.values(inputs)[0].shape[0] / views;
  return { labels, count, places: labels.length / count };
}
