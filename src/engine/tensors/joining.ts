/** Tensors put together, repeated, turned round and shifted. */
import { record } from './autograd.ts';
import { promote } from './dtype.ts';
import { PythonError, runtimeError, valueError } from './python-error.ts';
import { axisOf, sayShape } from './shapes.ts';
import { Tensor, filled, tensorOf, valuesOf, writeValues } from './tensor.ts';
import { expand, permuteRaw, slice, unsqueeze, view } from './views.ts';

/** Tensors end to end along an axis that they already have. */
export function concatenate(parts: readonly Tensor[], axis = 0): Tensor {
  const [first] = parts;
  if (!first) throw valueError('torch.cat(): expected a non-empty list of Tensors');
  if (parts.some(({ rank }) => rank === 0)) {
    const at = parts.findIndex(({ rank }) => rank === 0);
    throw runtimeError(`zero-dimensional tensor (at position ${at}) cannot be concatenated`);
  }
  // An empty row joins anything, as it always did in PyTorch
  const shaped = parts.find((one) => one.rank !== 1 || one.count > 0) ?? first;
  const at = axisOf(axis, shaped.rank);
  const joined = parts.filter((one) => one === shaped || !(one.rank === 1 && one.count === 0));
  joined.forEach((part) => checkFits(shaped, part, at, parts.indexOf(part)));
  const dtype = parts.map((part) => part.dtype).reduce(promote);
  const shape = shaped.shape.map((size, other) =>
    other === at ? joined.reduce((sum, part) => sum + part.shape[at], 0) : size,
  );
  const result = filled(shape, 0, dtype);
  const starts: number[] = [];
  let from = 0;
  for (const part of joined) {
    starts.push(from);
    writeValues(slice(result, at, from, from + part.shape[at]), valuesOf(part));
    from += part.shape[at];
  }
  result.memory.version = 0;
  return record(result, 'CatBackward0', joined, (grad) =>
    joined.map((part, index) => slice(grad, at, starts[index], starts[index] + part.shape[at])),
  );
}

function checkFits(first: Tensor, part: Tensor, axis: number, index: number): void {
  if (part.rank !== first.rank)
    throw runtimeError(`Tensors must have same number of dimensions: got ${first.rank} and ${part.rank}`);
  part.shape.forEach((size, other) => {
    if (other !== axis && size !== first.shape[other])
      throw runtimeError(
        `Sizes of tensors must match except in dimension ${axis}. Expected size ${first.shape[other]} but got size ${size} for tensor number ${index} in the list.`,
      );
  });
}

/** Tensors of one shape side by side along a new axis. */
export function stack(parts: readonly Tensor[], axis = 0): Tensor {
  const [first] = parts;
  if (!first) throw runtimeError('stack expects a non-empty TensorList');
  parts.forEach((part, index) => {
    if (sayShape(part.shape) !== sayShape(first.shape))
      throw runtimeError(
        `stack expects each tensor to be equal size, but got ${sayShape(first.shape)} at entry 0 and ${sayShape(part.shape)} at entry ${index}`,
      );
  });
  const at = axisOf(axis, first.rank, 1);
  const joined = concatenate(
    parts.map((part) => unsqueeze(part, at)),
    at,
  );
  if (joined.gradFn) {
    // One step in PyTorch's record
    const result = tensorOf(valuesOf(joined), joined.shape, joined.dtype);
    return record(result, 'StackBackward0', parts, (grad) =>
      parts.map((part, index) =>
        tensorOf(valuesOf(slice(grad, at, index, index + 1)), part.shape, grad.dtype),
      ),
    );
  }
  return joined;
}

/** Copies side by side: `counts` says how many along each axis, counted from the last. */
export function repeat(a: Tensor, counts: readonly number[]): Tensor {
  if (counts.length < a.rank)
    throw runtimeError(
      'Number of dimensions of repeat dims can not be smaller than number of dimensions of tensor',
    );
  const shape = [...new Array<number>(counts.length - a.rank).fill(1), ...a.shape];
  if (counts.some((count) => count < 0))
    throw runtimeError(
      `Trying to create tensor with negative dimension ${Math.min(...counts)}: ${sayShape(shape.map((size, axis) => size * counts[axis]))}`,
    );
  // [n] copied c times is [c, n] stretched and laid out flat
  const high = view(
    tensorLike(a),
    shape.flatMap((size) => [1, size]),
  );
  const wide = expand(
    high,
    shape.flatMap((size, axis) => [counts[axis], size]),
  );
  const result = tensorOf(
    valuesOf(wide),
    shape.map((size, axis) => size * counts[axis]),
    a.dtype,
  );
  return record(result, 'RepeatBackward0', [a], (grad) => {
    const sums = filled(a.shape, 0, grad.dtype);
    const places = valuesOf(indexed(a, shape, counts));
    valuesOf(grad).forEach((value, at) => {
      sums.memory.data[places[at]] += value;
    });
    return [sums];
  });
}

function tensorLike(a: Tensor): Tensor {
  return tensorOf(valuesOf(a), a.shape, a.dtype);
}

/** For every element of a repeated tensor the place of the one that it copies. */
function indexed(a: Tensor, shape: readonly number[], counts: readonly number[]): Tensor {
  const places = tensorOf([...valuesOf(a).keys()], shape);
  const high = view(
    places,
    shape.flatMap((size) => [1, size]),
  );
  return expand(
    high,
    shape.flatMap((size, axis) => [counts[axis], size]),
  );
}

/** The entries of the given axes in reverse order. */
export function flip(a: Tensor, axes: readonly number[]): Tensor {
  const turned = new Set(axes.map((axis) => axisOf(axis, a.rank)));
  const read = (one: Tensor): Tensor => {
    const strides = one.strides.map((stride, axis) => (turned.has(axis) ? -stride : stride));
    const start = one.strides.reduce(
      (place, stride, axis) => place + (turned.has(axis) ? stride * Math.max(0, one.shape[axis] - 1) : 0),
      one.offset,
    );
    return tensorOf(
      valuesOf(new Tensor(one.memory, one.dtype, one.shape, strides, start)),
      one.shape,
      one.dtype,
    );
  };
  return record(read(a), 'FlipBackward0', [a], (grad) => [read(grad)]);
}

/** Entries moved on by `by` places, those at the end coming back in front: along an axis, or through the flat tensor. */
export function roll(a: Tensor, by: number, axis?: number): Tensor {
  const read = (one: Tensor, shift: number): Tensor => {
    const at = axis === undefined ? 0 : axisOf(axis, one.rank);
    const order = [at, ...one.shape.map((_, other) => other).filter((other) => other !== at)];
    const turned = axis === undefined ? tensorOf(valuesOf(one), [one.count]) : permuteRaw(one, order);
    const rows = turned.shape[0] ?? 1;
    const values = valuesOf(turned);
    const size = rows ? values.length / rows : 0;
    const moved = values.map(
      (_, place) =>
        values[((((Math.floor(place / size) - shift) % rows) + rows) % rows) * size + (place % size)],
    );
    if (axis === undefined) return tensorOf(moved, one.shape, one.dtype);
    const back = permuteRaw(
      tensorOf(moved, turned.shape, one.dtype),
      order.map((_, other) => order.indexOf(other)),
    );
    return tensorOf(valuesOf(back), one.shape, one.dtype);
  };
  return record(read(a, by), 'RollBackward0', [a], (grad) => [read(grad, -by)]);
}

/** Only the lower (or upper) triangle of the last two axes; the rest is 0. */
export function triangle(a: Tensor, kind: 'lower' | 'upper', shift: number): Tensor {
  if (a.rank < 2)
    throw runtimeError(`${kind === 'lower' ? 'tril' : 'triu'}: input tensor must have at least 2 dimensions`);
  const [rows, columns] = a.shape.slice(-2);
  const keep = (one: Tensor): Tensor =>
    tensorOf(
      valuesOf(one).map((value, at) => {
        const gap = (at % columns) - (Math.floor(at / columns) % rows);
        return (kind === 'lower' ? gap <= shift : gap >= shift) ? value : 0;
      }),
      one.shape,
      one.dtype,
    );
  return record(keep(a), kind === 'lower' ? 'TrilBackward0' : 'TriuBackward0', [a], (grad) => [keep(grad)]);
}

/** A matrix with the vector on its diagonal. */
export function diagonalMatrix(a: Tensor): Tensor {
  if (a.rank !== 1)
    throw new PythonError('NotInBench', 'The bench makes a diagonal matrix from a vector: one axis.');
  const size = a.count;
  const values = new Float64Array(size * size);
  valuesOf(a).forEach((value, at) => (values[at * (size + 1)] = value));
  return record(tensorOf(values, [size, size], a.dtype), 'DiagEmbedBackward0', [a], (grad) => [
    tensorOf(
      a.shape.flatMap(() => valuesOf(grad)).length
        ? Float64Array.from({ length: size }, (_, at) => valuesOf(grad)[at * (size + 1)])
        : [],
      a.shape,
      grad.dtype,
    ),
  ]);
}
