/**
 * Where in the picture the evidence for a class lies, told in two ways that need no gradient.
 *
 * Class activation map: Zhou et al., "Learning deep features for discriminative localization", CVPR 2016.
 * Occlusion map: Zeiler and Fergus, "Visualizing and understanding convolutional networks", ECCV 2014.
 */
import { pictureManifest } from '../engine/registry/manifest.ts';
import { cancelledError } from '../engine/errors.ts';
import { dequantizeWeights } from '../engine/onnx/dequantize-weights.ts';
import { intAttribute } from '../engine/onnx/graph-index.ts';
import { readModel } from '../engine/onnx/reader.ts';
import { float32Values, int8Values } from '../engine/onnx/tensor-values.ts';
import type { Model, Node } from '../engine/onnx/types.ts';
import { preprocess } from '../engine/preprocess/picture.ts';
import { softmax } from '../engine/preprocess/probabilities.ts';
import type { LoadedModel, Tensor } from '../engine/runtime/types.ts';
import type { ActivationStack } from './activations.ts';
import type { HeatMap } from './heat-map.ts';
import type { Picture } from './resnet-lens.ts';

/** Weights of the last layer, one row a class. */
export interface HeadWeights {
  classes: number;
  channels: number;
  /** float32 [classes, channels] */
  data: Float32Array;
}

export interface OcclusionStep {
  map: HeatMap;
  /** Probability of the class on the whole picture, 0 … 1. */
  base: number;
  doneRuns: number;
  totalRuns: number;
}

export interface OcclusionOptions {
  /** Index of the class in output order. */
  classIndex: number;
  /** Edge of the patch that covers, in pixels; default a quarter of the picture. */
  patch?: number;
  /** Pixels from one patch to the next; default a sixteenth of the picture. */
  stride?: number;
  signal?: AbortSignal;
}

/**
 * The class activation map: for every place the sum over channels of activation × weight, what that place adds to the
 * class's score before the average over places (and before the bias).
 * @param stack the last map before the average, [channels, height, width]
 * @param inputSize edge of the network's input in pixels
 * @throws RangeError when channels and weights differ, or there is no such class
 */
export function activationMap(
  stack: ActivationStack,
  head: HeadWeights,
  classIndex: number,
  inputSize: number,
): HeatMap {
  const { channels, height, width, data } = stack;
  if (channels !== head.channels)
    throw new RangeError(`${channels} channels, but weights for ${head.channels}.`);
  if (classIndex < 0 || classIndex >= head.classes)
    throw new RangeError(`There is no class ${classIndex}; there are ${head.classes}.`);
  const places = height * width;
  const values = new Float32Array(places);
  for (let channel = 0; channel < channels; channel++) {
    const weight = head.data[classIndex * channels + channel] ?? 0;
    for (let place = 0; place < places; place++)
      values[place] = (values[place] ?? 0) + weight * (data[channel * places + place] ?? 0);
  }
  return { rows: height, columns: width, start: 0, step: inputSize / width, values };
}

/**
 * Weights of the fully connected layer that ends a network, from its file (float32, or int8 with scales).
 * @throws RangeError when the network does not end in one
 */
export function readHead(file: Uint8Array): HeadWeights {
  const model = readModel(file);
  const last = model.graph.nodes.findLast(({ opType }) => opType === 'Gemm' || opType === 'QLinearMatMul');
  if (last?.opType === 'QLinearMatMul') return readEightBitHead(model, last);
  const name = last?.inputs[1];
  if (!last || name === undefined)
    throw new RangeError('The network does not end in a fully connected layer.');
  const weights = dequantizeWeights(model, (value) => value === name).graph.initializers.get(name);
  if (!weights || intAttribute(last, 'transB', 0) !== 1)
    throw new RangeError(`The weights "${name}" of the last layer are not stored as rows of classes.`);
  const [classes = 0, channels = 0] = weights.dims;
  return { classes, channels, data: float32Values(weights) };
}

/** Weights int8 [channels, classes] with a scale, or one for each class, and a zero point. */
function readEightBitHead({ graph }: Model, { inputs }: Node): HeadWeights {
  const [stored, scale, zero] = [3, 4, 5].map((at) => graph.initializers.get(inputs[at] ?? ''));
  if (stored?.dtype !== 'int8' || !scale || !zero)
    throw new RangeError(`The weights "${inputs[3] ?? ''}" of the last layer are not stored as int8.`);
  const [channels = 0, classes = 0] = stored.dims;
  const [values, scales, zeros] = [int8Values(stored), float32Values(scale), int8Values(zero)];
  const data = new Float32Array(classes * channels);
  for (let channel = 0; channel < channels; channel++)
    for (let at = 0; at < classes; at++) {
      const slice = scales.length === 1 ? 0 : at;
      const steps = (values[channel * classes + at] ?? 0) - (zeros[slice] ?? 0);
      data[at * channels + channel] = steps * (scales[slice] ?? 0);
    }
  return { classes, channels, data };
}

/**
 * Covers the picture place by place with the colour that the network takes for the mean, and tells how much of the class's
 * probability each cover takes away (points of 1; negative where covering helps). One row of places a run, so that a
 * page can draw as it goes. Throws ThawError 'cancelled' when the signal aborts.
 */
export async function* occlude(
  model: LoadedModel,
  picture: Picture,
  { classIndex, patch: patchAsked, stride: strideAsked, signal }: OcclusionOptions,
): AsyncGenerator<OcclusionStep, void, void> {
  const { input, output } = pictureManifest(model.manifest);
  const whole = preprocess(picture, input);
  const size = whole.shape[2] ?? 0;
  const patch = patchAsked ?? size / 4;
  const stride = strideAsked ?? size / 16;
  const count = Math.floor((size - patch) / stride) + 1;
  const values = new Float32Array(count * count).fill(NaN);
  const map: HeatMap = { rows: count, columns: count, start: (patch - stride) / 2, step: stride, values };
  const ask = async (batch: Tensor): Promise<Float64Array[]> => {
    if (signal?.aborted) throw cancelledError('The occlusion map');
    const run = await model.run(
      { [input.name]: batch },
      { outputs: [output.name], ...(signal && { signal }) },
    );
    const logits = run.outputs[output.name];
    if (!logits) throw new Error(`The run returned no "${output.name}".`);
    const classes = logits.shape.at(-1) ?? 1;
    return Array.from({ length: logits.data.length / classes }, (_, row) =>
      softmax(logits.data.subarray(row * classes, (row + 1) * classes)),
    );
  };
  const [untouched] = await ask({ ...whole, data: whole.data.slice() });
  const base = untouched?.[classIndex] ?? 0;
  for (let row = 0; row < count; row++) {
    const rows = await ask(coverRow(whole, { row, count, patch, stride }));
    rows.forEach((probabilities, column) => {
      values[row * count + column] = base - (probabilities[classIndex] ?? 0);
    });
    yield { map: { ...map, values: values.slice() }, base, doneRuns: row + 1, totalRuns: count };
  }
}

/** The input `count` times, float32 [count, 3, size, size], each with its patch of this row set to the mean (zero). */
function coverRow(
  whole: Tensor,
  { row, count, patch, stride }: { row: number; count: number; patch: number; stride: number },
): Tensor {
  const [, planes = 0, size = 0] = whole.shape;
  const one = whole.data.length;
  const data = new Float32Array(one * count);
  for (let column = 0; column < count; column++) {
    data.set(whole.data, column * one);
    for (let plane = 0; plane < planes; plane++) {
      for (let y = row * stride; y < row * stride + patch; y++) {
        const from = column * one + (plane * size + y) * size + column * stride;
        data.fill(0, from, from + patch);
      }
    }
  }
  return { dtype: 'float32', shape: [count, planes, size, size], data };
}
