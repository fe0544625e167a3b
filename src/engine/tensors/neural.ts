/** The few operations of networks that need a derivative of their own. */
import { record } from './autograd.ts';
import { int32, int64 } from './dtype.ts';
import { mapValues } from './elementwise.ts';
import { indexError, runtimeError, valueError } from './python-error.ts';
import { sayShape } from './shapes.ts';
import type { Tensor } from './tensor.ts';
import { filled, tensorOf, valuesOf } from './tensor.ts';

/** A row of the table for each id: ids of any shape and a table [n, d] give [..., d]. The row `padding` learns nothing. */
export function embedding(table: Tensor, ids: Tensor, padding?: number): Tensor {
  if (ids.dtype !== int64 && ids.dtype !== int32)
    throw runtimeError(
      `Expected tensor for argument #1 'indices' to have one of the following scalar types: Long, Int; but got torch.${ids.dtype.scalarName}Tensor instead (while checking arguments for embedding)`,
    );
  const [rows, width] = table.shape;
  const [places, values] = [valuesOf(ids), valuesOf(table)];
  if (places.some((id) => id < 0 || id >= rows)) throw indexError('index out of range in self');
  const result = new Float64Array(places.length * width);
  places.forEach((id, at) => result.set(values.subarray(id * width, (id + 1) * width), at * width));
  return record(
    tensorOf(result, [...ids.shape, width], table.dtype),
    'EmbeddingBackward0',
    [table],
    (grad) => {
      const whole = filled(table.shape, 0, grad.dtype);
      const grads = valuesOf(grad);
      places.forEach((id, at) => {
        if (id === padding) return;
        for (let place = 0; place < width; place++)
          whole.memory.data[id * width + place] += grads[at * width + place];
      });
      return [whole];
    },
  );
}

export type Averaging = 'mean' | 'sum' | 'none';

/** The loss of log-probabilities [N, C] for labels [N]: minus the label's entry, averaged. */
export function negativeLogLikelihood(logs: Tensor, labels: Tensor, averaging: Averaging): Tensor {
  if (labels.dtype.kind === 'float')
    throw runtimeError(`expected target dtype to be Long or Byte, but got ${labels.dtype.scalarName}`);
  const [rows, classes] = logs.rank === 2 ? logs.shape : [1, logs.count];
  if (labels.count !== rows)
    throw valueError(`Expected input batch_size (${rows}) to match target batch_size (${labels.count}).`);
  const [values, targets] = [valuesOf(logs), valuesOf(labels)];
  const losses = targets.map((target, row) => {
    if (target < 0 || target >= classes) throw indexError(`Target ${target} is out of bounds.`);
    return -values[row * classes + target];
  });
  const total = losses.reduce((sum, loss) => sum + loss, 0);
  const result =
    averaging === 'none'
      ? tensorOf(losses, labels.shape, logs.dtype)
      : tensorOf([averaging === 'mean' ? total / rows : total], [], logs.dtype);
  return record(result, 'NllLossBackward0', [logs], (grad) => {
    const whole = filled(logs.shape, 0, logs.dtype);
    const grads = valuesOf(grad);
    targets.forEach((target, row) => {
      whole.memory.data[row * classes + target] =
        -grads[averaging === 'none' ? row : 0] / (averaging === 'mean' ? rows : 1);
    });
    return [whole];
  });
}

/** (a − b)², averaged over all elements. Both have one shape. */
export function meanSquaredError(a: Tensor, b: Tensor, averaging: Averaging): Tensor {
  if (sayShape(a.shape) !== sayShape(b.shape))
    throw runtimeError(
      `The bench's mse_loss wants two tensors of one shape, and got ${sayShape(a.shape)} and ${sayShape(b.shape)}.`,
    );
  const [x, y] = [valuesOf(a), valuesOf(b)];
  const squares = x.map((value, at) => (value - y[at]) ** 2);
  const total = squares.reduce((sum, value) => sum + value, 0);
  const share = averaging === 'mean' ? 1 / a.count : 1;
  const result =
    averaging === 'none' ? tensorOf(squares, a.shape, a.dtype) : tensorOf([total * share], [], a.dtype);
  return record(
    result,
    'MseLossBackward0',
    [a, b],
    (grad) => {
      const grads = valuesOf(grad);
      const slope = tensorOf(
        x.map((value, at) => 2 * (value - y[at]) * share * grads[averaging === 'none' ? at : 0]),
        a.shape,
        a.dtype,
      );
      return [slope, mapValues(slope, (value) => -value)];
    },
    [a, b],
  );
}

/** Rows along the last axis shifted and scaled to mean 0 and variance 1, then by weights and shifts of their own. */
export function layerNorm(a: Tensor, weight: Tensor, bias: Tensor, epsilon: number): Tensor {
  const width = weight.count;
  const values = valuesOf(a);
  const [scaled, deviations] = [new Float64Array(values.length), new Float64Array(values.length / width)];
  for (let row = 0; row < deviations.length; row++) {
    const part = values.subarray(row * width, (row + 1) * width);
    const middle = part.reduce((sum, value) => sum + value, 0) / width;
    const variance = part.reduce((sum, value) => sum + (value - middle) ** 2, 0) / width;
    deviations[row] = Math.sqrt(variance + epsilon);
    part.forEach((value, at) => (scaled[row * width + at] = (value - middle) / deviations[row]));
  }
  const [weights, shifts] = [valuesOf(weight), valuesOf(bias)];
  const result = tensorOf(
    scaled.map((value, at) => value * weights[at % width] + shifts[at % width]),
    a.shape,
    a.dtype,
  );
  return record(
    result,
    'NativeLayerNormBackward0',
    [a, weight, bias],
    (grad) => {
      const grads = valuesOf(grad);
      const [own, byWeight, byShift] = [
        new Float64Array(values.length),
        new Float64Array(width),
        new Float64Array(width),
      ];
      for (let row = 0; row < deviations.length; row++) {
        let [sum, dot] = [0, 0];
        for (let at = 0; at < width; at++) {
          const place = row * width + at;
          sum += grads[place] * weights[at];
          dot += grads[place] * weights[at] * scaled[place];
          byWeight[at] += grads[place] * scaled[place];
          byShift[at] += grads[place];
        }
        for (let at = 0; at < width; at++) {
          const place = row * width + at;
          own[place] =
            (grads[place] * weights[at] - sum / width - (scaled[place] * dot) / width) / deviations[row];
        }
      }
      return [tensorOf(own, a.shape, a.dtype), tensorOf(byWeight, [width]), tensorOf(byShift, [width])];
    },
    [a, weight],
  );
}
