import { addOutputs } from '../onnx/add-outputs.ts';
import { dequantizeWeights } from '../onnx/dequantize-weights.ts';
import { cutModel } from '../onnx/edits/cut.ts';
import { drawWeights } from '../onnx/edits/draw-weights.ts';
import { pastInputs, rememberKeys, type PastInput } from '../onnx/edits/remember-keys.ts';
import { quantizeActivations } from '../onnx/quantize-activations.ts';
import { unpackersOf } from '../onnx/quantized-values.ts';
import { quantizeProducts } from '../onnx/quantize-products.ts';
import { readModel } from '../onnx/reader.ts';
import { writeModel } from '../onnx/writer.ts';
import { ThawError } from '../errors.ts';
import { isTextManifest, type AnyManifest } from '../registry/manifest.ts';
import { seedRandom } from '../../data/seeded-random.ts';
import type { Model, Node } from '../onnx/types.ts';
import type { Precision } from './types.ts';

/** A graph that a session can run, and the values that may be asked of it. */
export interface PreparedGraph {
  bytes: Uint8Array<ArrayBuffer>;
  /** Names of all values that some node makes, and those of `unpackers`. */
  values: ReadonlySet<string>;
  /** Nodes to add for the floats of 8-bit values, by the name of what they make. */
  unpackers: ReadonlyMap<string, Node>;
  outputs: ReadonlySet<string>;
  /** The inputs for what a decoder remembers; none for any other graph. */
  past: readonly PastInput[];
}

/** What is made of the stored graph beside its precision. */
export interface GraphForm {
  /** Draw the weights anew, in fp32. */
  weightSeed?: number | undefined;
  /** A decoder that takes the keys and values of earlier pieces. */
  remembers?: boolean | undefined;
}

/**
 * The stored model as the graph to run: itself where the manifest says that it runs as it stands, else `fp32` has plain float weights, `int8` BatchNorm folded into the weights' scales
 * and activations in 8 bits. With a seed the weights are drawn anew, in fp32. Throws a ThawError 'bad-model' for files that are not such a model.
 */
export function prepareGraph(
  stored: Uint8Array<ArrayBuffer>,
  manifest: AnyManifest,
  precision: Precision,
  { weightSeed, remembers = false }: GraphForm = {},
): PreparedGraph {
  try {
    const read = readModel(stored);
    const ranges = manifest.activationRanges;
    if ('storedPrecision' in manifest && weightSeed === undefined) return { bytes: stored, ...namesOf(read) };
    const whole =
      precision === 'int8' && ranges && weightSeed === undefined
        ? (isTextManifest(manifest) ? quantizeProducts : quantizeActivations)(read, ranges)
        : drawIfAsked(dequantizeWeights(read), weightSeed);
    const model = remembers ? rememberKeys(whole) : whole;
    return { bytes: writeModel(model), ...namesOf(model) };
  } catch (cause) {
    throw new ThawError(
      {
        code: 'bad-model',
        message: `The file of "${manifest.title}" is not a network that this page can read.`,
        advice: 'Report it: the file passed its checksum, so the mistake is ours.',
      },
      { cause },
    );
  }
}

function namesOf(model: Model): Omit<PreparedGraph, 'bytes'> {
  const { graph } = model;
  const unpackers = unpackersOf(graph);
  const made = graph.nodes.flatMap((node) => node.outputs.filter((name) => name !== ''));
  return {
    values: new Set([...made, ...unpackers.keys()]),
    unpackers,
    outputs: new Set(graph.outputs.map((output) => output.name)),
    past: pastInputs(model),
  };
}

function drawIfAsked(model: Model, weightSeed: number | undefined): Model {
  return weightSeed === undefined ? model : drawWeights(model, seedRandom(weightSeed, 'weights'));
}

/**
 * The part of the graph between these values (float32, with their shapes) and those. Throws a ThawError 'bad-model' where there is nothing between them.
 */
export function partOf(
  graph: PreparedGraph,
  from: readonly { name: string; rank: number }[],
  to: readonly string[],
): Uint8Array<ArrayBuffer> {
  const given = from.map(({ name, rank }) => ({
    name,
    dtype: 'float32' as const,
    dims: Array.from({ length: rank }, (_, axis) => `${name}.${axis}`),
  }));
  const wanted = to.map((name) => ({ name, dtype: 'float32' as const }));
  try {
    return writeModel(cutModel(readModel(graph.bytes), { from: given, to: wanted }));
  } catch (cause) {
    throw new ThawError(
      {
        code: 'bad-model',
        message: `Nothing in the network leads from ${from.map(({ name }) => name).join(', ')} to ${to.join(', ')}.`,
        advice: 'Ask for values that stand behind the given ones.',
      },
      { cause },
    );
  }
}

/** The graph's bytes with these values (float32) as outputs beside its own. */
export function withOutputs(graph: PreparedGraph, values: readonly string[]): Uint8Array<ArrayBuffer> {
  const more = values.filter((name) => !graph.outputs.has(name));
  return addOutputs(
    graph.bytes,
    more.map((name) => ({ name, dtype: 'float32' as const })),
    more.flatMap((name) => graph.unpackers.get(name) ?? []),
  );
}
