/**
 * Losses as nodes, with the gradient of what they are computed from written out. Every loss is a weighted mean over examples:
 * Σ w·ℓ / Σ w; an example of weight 0 (a row that only fills the batch) changes nothing. Without weight at all the loss is 0.
 */
import { countItems } from '../onnx/shape/contents.ts';
import { int32Tensor } from '../onnx/tensor-values.ts';
import { add, divide, keepWhere, multiply, negate, range, reshape, subtract, sum } from './arithmetic.ts';
import type { GraphBuilder } from './graph-builder.ts';

/**
 * - cross-entropy: logits float [..., classes]; `targets` int32 [...]: a label outside of 0 … classes − 1 (such as −100) is ignored;
 *   `weights` float [...]; `labelSmoothing` float []: the share of the target that all classes divide (Szegedy et al. 2016).
 * - mean-squared-error: predictions and `targets` float [examples, ...], `weights` float [examples]; mean over an example's numbers.
 * - binary: logits and `targets` (0 to 1) float [examples, ...], `weights` float [examples]; cross-entropy of each number's sigmoid.
 */
export type LossKind = 'cross-entropy' | 'mean-squared-error' | 'binary';

/** Names of a loss's graph inputs. */
export const lossInputs = {
  targets: 'training/targets',
  weights: 'training/weights',
  labelSmoothing: 'training/labelSmoothing',
} as const;

/** A loss in the graph. */
export interface LossValues {
  /** float [] */
  readonly loss: string;
  /** As what the loss is computed from. */
  readonly gradient: string;
}

/** Appends a loss of the value `output`, and adds its inputs to the graph. */
export function pushLoss(b: GraphBuilder, kind: LossKind, output: string): LossValues {
  if (kind === 'cross-entropy') return crossEntropy(b, output);
  return kind === 'binary' ? binary(b, output) : meanSquaredError(b, output);
}

function crossEntropy(b: GraphBuilder, logits: string): LossValues {
  const dims = b.dims(logits);
  const dtype = b.dtype(logits);
  const [places, classes] = [dims.slice(0, -1), dims[dims.length - 1]];
  const labels = b.addInput(lossInputs.targets, 'int32', places);
  const weights = b.addInput(lossInputs.weights, dtype, places);
  const smoothing = b.addInput(lossInputs.labelSmoothing, dtype, []);
  const numbers = b.addInitializer(
    int32Tensor(b.freshName('classes'), [classes], Int32Array.from(range(classes))),
  );
  const isLabel = b.cast(b.op('Equal', [reshape(b, labels, [...places, 1]), numbers]), dtype);
  const last = [places.length];
  const share = shareOf(b, multiply(b, sum(b, isLabel, last), reshape(b, weights, [...places, 1])));
  const sharp = multiply(b, isLabel, subtract(b, b.scalar(1, logits), smoothing));
  const target = add(b, sharp, multiply(b, smoothing, 1 / classes));
  const logProbabilities = b.op('LogSoftmax', [logits], { axis: -1 });
  const loss = negate(b, total(b, multiply(b, logProbabilities, target, share)));
  const gradient = multiply(b, subtract(b, b.op('Exp', [logProbabilities]), target), share);
  return { loss, gradient };
}

function meanSquaredError(b: GraphBuilder, output: string): LossValues {
  const { targets, share } = numberInputs(b, output);
  const difference = subtract(b, output, targets);
  const weighted = multiply(b, difference, share);
  return { loss: total(b, multiply(b, weighted, difference)), gradient: multiply(b, weighted, 2) };
}

/** ℓ = max(x, 0) − x·t + ln(1 + e^−|x|), which cannot overflow; dℓ/dx = σ(x) − t. */
function binary(b: GraphBuilder, output: string): LossValues {
  const { targets, share } = numberInputs(b, output);
  const soft = b.op('Log', [add(b, b.op('Exp', [negate(b, b.op('Abs', [output]))]), b.scalar(1, output))]);
  const hinge = keepWhere(b, b.op('Greater', [output, b.scalar(0, output)]), output);
  const each = add(b, subtract(b, hinge, multiply(b, output, targets)), soft);
  const gradient = multiply(b, subtract(b, b.op('Sigmoid', [output]), targets), share);
  return { loss: total(b, multiply(b, each, share)), gradient };
}

/** Targets as the output, and each number's share of the loss. */
function numberInputs(b: GraphBuilder, output: string): { targets: string; share: string } {
  const dims = b.dims(output);
  const [examples, ...rest] = dims;
  const targets = b.addInput(lossInputs.targets, b.dtype(output), dims);
  const weights = b.addInput(lossInputs.weights, b.dtype(output), [examples]);
  const share = shareOf(b, reshape(b, weights, [examples, ...rest.map(() => 1)]));
  return { targets, share: multiply(b, share, 1 / countItems(rest)) };
}

/** w / Σ w, or zeros where there is no weight. */
function shareOf(b: GraphBuilder, weights: string): string {
  const all = total(b, weights);
  const isPositive = b.op('Greater', [all, b.scalar(0, all)]);
  return divide(b, weights, b.op('Where', [isPositive, all, b.scalar(1, all)]));
}

function total(b: GraphBuilder, x: string): string {
  return sum(b, x, range(b.rank(x)), false);
}
