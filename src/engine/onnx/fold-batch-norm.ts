import type { StoredInt8 } from './dequantize-weights.ts';
import { floatAttributeOf } from './graph-index.ts';
import { OnnxError } from './onnx-error.ts';
import { float32Values, int8Values } from './tensor-values.ts';
import type { Graph, Node } from './types.ts';

/** BatchNorm in inference mode as y = multiplier · x + offset, per channel (computed in double precision). */
export interface ChannelAffine {
  readonly multiplier: Float64Array;
  readonly offset: Float64Array;
}

/** int8 weights with one scale per output channel, and a bias in double precision. */
export interface ChannelWeights {
  /** int8, output channel first. */
  readonly q: Int8Array;
  /** float32 [channels] */
  readonly scales: Float32Array;
  /** float64 [channels] */
  readonly bias: Float64Array;
}

/**
 * What a BatchNormalization node does at inference: multiplier γ/√(σ²+ε), offset β − μ·multiplier (Ioffe and Szegedy 2015, § 3.1).
 * undefined when its statistics are not stored in the graph.
 */
export function batchNormAffine(graph: Graph, node: Node): ChannelAffine | undefined {
  const tensors = node.inputs.slice(1, 5).map((name) => graph.initializers.get(name));
  if (tensors.length < 4 || !tensors.every((tensor) => tensor !== undefined)) return undefined;
  const [gamma, beta, mean, variance] = tensors.map(float32Values);
  const epsilon = floatAttributeOf(node, 'epsilon', Math.fround(1e-5));
  const multiplier = Float64Array.from(
    gamma,
    (scale, channel) => scale / Math.sqrt(variance[channel] + epsilon),
  );
  const offset = Float64Array.from(beta, (shift, channel) => shift - mean[channel] * multiplier[channel]);
  return { multiplier, offset };
}

/**
 * Stored weights as one scale per output channel, with an affine map behind them folded in. Exact: a·(q·s) = (±q)·(s·|a|), the
 * sign going into q. (A q of −128, which our files do not hold, would become 127.)
 * @throws OnnxError when the weights have zero points or are not scaled along their first axis.
 */
export function foldAffine(
  stored: StoredInt8,
  affine: ChannelAffine | undefined,
  bias: Float32Array | undefined,
): ChannelWeights {
  const { quantized, scales, zeros, axis } = stored;
  const channels = quantized.dims[0] ?? 1;
  if (zeros.some((zero) => zero !== 0))
    throw new OnnxError(`The weights "${quantized.name}" have zero points; symmetric int8 is needed.`);
  if (scales.length !== 1 && axis !== 0)
    throw new OnnxError(`The weights "${quantized.name}" are scaled along axis ${axis}; 0 is needed.`);
  const q = int8Values(quantized).slice();
  const perChannel = q.length / channels;
  const folded = { q, scales: new Float32Array(channels), bias: new Float64Array(channels) };
  for (let channel = 0; channel < channels; channel++) {
    const factor = affine?.multiplier[channel] ?? 1;
    const scale = scales[scales.length === 1 ? 0 : channel] * Math.abs(factor);
    const slice = q.subarray(channel * perChannel, (channel + 1) * perChannel);
    // a scale that float32 cannot hold means a dead channel: only its bias is left
    const isDead = Math.fround(scale) < smallestScale;
    if (isDead) slice.fill(0);
    else if (factor < 0) slice.forEach((value, at) => (slice[at] = Math.min(127, -value)));
    folded.scales[channel] = isDead ? 1 : scale;
    folded.bias[channel] = (bias?.[channel] ?? 0) * factor + (affine?.offset[channel] ?? 0);
  }
  return folded;
}

/** The smallest normal float32: below it, precision is lost and some kernels flush to zero. */
const smallestScale = 2 ** -126;

/**
 * Biases as int32 in units of (input scale · weight scale), float32 [channels] → int32 [channels]. A channel whose bias does not
 * fit gets a coarser weight scale, changed in place together with its weights.
 */
export function quantizeBias(weights: ChannelWeights, inputScale: number): Int32Array {
  const { q, scales, bias } = weights;
  const perChannel = q.length / scales.length;
  return Int32Array.from(bias, (value, channel) => {
    const coarser = Math.abs(value) / (inputScale * largestBias);
    if (coarser > scales[channel]) {
      const ratio = scales[channel] / coarser;
      for (let at = channel * perChannel; at < (channel + 1) * perChannel; at++)
        q[at] = Math.round(q[at] * ratio);
      scales[channel] = coarser;
    }
    return Math.round(value / (inputScale * scales[channel]));
  });
}

/** Half of what int32 holds: the other half is room for the sum that the bias is added to. */
const largestBias = 2 ** 30;
