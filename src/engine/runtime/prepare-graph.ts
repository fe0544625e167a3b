import { addOutputs } from '../onnx/add-outputs.ts';
import { dequantizeWeights } from '../onnx/dequantize-weights.ts';
import { drawWeights } from '../onnx/edits/draw-weights.ts';
import { quantizeActivations } from '../onnx/quantize-activations.ts';
import { unpackersOf } from '../onnx/quantized-values.ts';
import { readModel } from '../onnx/reader.ts';
import { writeModel } from '../onnx/writer.ts';
import { ThawError } from '../errors.ts';
import type { Manifest } from '../registry/manifest.ts';
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
}

/**
 * The stored model as the graph to run: itself where the manifest says that it runs as it stands, else `fp32` has plain float weights, `int8` BatchNorm folded into the weights' scales
 * and activations in 8 bits. With a seed the weights are drawn anew, in fp32. Throws a ThawError 'bad-model' for files that are not such a model.
 */
export function prepareGraph(
  stored: Uint8Array<ArrayBuffer>,
  manifest: Manifest,
  precision: Precision,
  weightSeed?: number,
): PreparedGraph {
  try {
    const read = readModel(stored);
    const ranges = manifest.activationRanges;
    if (manifest.storedPrecision && weightSeed === undefined) return { bytes: stored, ...namesOf(read) };
    const model =
      precision === 'int8' && ranges && weightSeed === undefined
        ? quantizeActivations(read, ranges)
        : drawIfAsked(dequantizeWeights(read), weightSeed);
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

function namesOf({ graph }: Model): Omit<PreparedGraph, 'bytes'> {
  const unpackers = unpackersOf(graph);
  const made = graph.nodes.flatMap((node) => node.outputs.filter((name) => name !== ''));
  return {
    values: new Set([...made, ...unpackers.keys()]),
    unpackers,
    outputs: new Set(graph.outputs.map((output) => output.name)),
  };
}

function drawIfAsked(model: Model, weightSeed: number | undefined): Model {
  return weightSeed === undefined ? model : drawWeights(model, seedRandom(weightSeed, 'weights'));
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
