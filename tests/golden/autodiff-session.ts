/** A training step as a session, fed by plain numbers, for the golden tests of autodiff. */
import { readFileSync } from 'node:fs';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Model, ValueInfo } from '../../src/engine/onnx/types.ts';
import { writeModel } from '../../src/engine/onnx/writer.ts';

/** The cases of a golden file. */
export function readGoldenCases<T>(name: string): readonly T[] {
  const path = new URL(`./autodiff-${name}.json`, import.meta.url);
  return (JSON.parse(readFileSync(path, 'utf8')) as { cases: T[] }).cases;
}

/** A session on one thread that runs a model on numbers and gives float outputs back. */
export async function openModel(model: Model) {
  const session = await InferenceSession.create(writeModel(model), {
    intraOpNumThreads: 1,
    logSeverityLevel: 3,
  });
  return {
    release: () => session.release(),
    run: async (
      values: ReadonlyMap<string, ArrayLike<number>>,
    ): Promise<ReadonlyMap<string, Float32Array>> => {
      const feeds = model.graph.inputs.map(
        (input) => [input.name, tensorFor(input, values.get(input.name))] as const,
      );
      const results = await session.run(Object.fromEntries(feeds));
      return new Map(Object.entries(results).map(([name, { data }]) => [name, data as Float32Array]));
    },
  };
}

function tensorFor({ name, dtype, dims }: ValueInfo, values: ArrayLike<number> | undefined): Tensor {
  if (values === undefined) throw new Error(`The test gives nothing for the input "${name}".`);
  const sizes = (dims ?? []).map(Number);
  if (dtype === 'int32') return new Tensor('int32', Int32Array.from(values), sizes);
  if (dtype === 'int64') return new Tensor('int64', BigInt64Array.from(Array.from(values, BigInt)), sizes);
  return new Tensor('float32', Float32Array.from(values), sizes);
}

/** ‖a − b‖ / ‖b‖ */
export function relativeError(actual: ArrayLike<number>, expected: readonly number[], norm?: number): number {
  const squares = expected.map((value, at) => (actual[at] - value) ** 2);
  const length = norm ?? Math.hypot(...expected);
  return Math.sqrt(squares.reduce((sum, one) => sum + one, 0)) / length;
}
