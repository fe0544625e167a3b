/** Operations that move no number: another rule on the same memory. */
import { mode, record, recordAll } from './autograd.ts';
import { sumTo } from './elementwise.ts';
import { PythonError, indexError, runtimeError, valueError } from './python-error.ts';
import { axisOf, inferShape, sayShape, viewStrides } from './shapes.ts';
import { Tensor, denseStrides, filled, tensorOf, valuesOf, writeValues } from './tensor.ts';

/** A view with the given rule; in inference mode it stays outside every graph. */
function viewOf(
  tensor: Tensor,
  shape: readonly number[],
  strides: readonly number[],
  offset = tensor.offset,
): Tensor {
  const view = new Tensor(tensor.memory, tensor.dtype, shape, strides, offset);
  view.base = tensor.base ?? tensor;
  view.isInference = tensor.isInference || mode.isInference;
  return view;
}

/** The same tensor cut from its graph. It shares the memory. */
export function detach(tensor: Tensor): Tensor {
  const cut = new Tensor(tensor.memory, tensor.dtype, tensor.shape, tensor.strides, tensor.offset);
  cut.cutFrom = tensor.gradFn ?? tensor.cutFrom;
  return cut;
}

/** A new axis of length 1 before `axis`. */
export function unsqueeze(tensor: Tensor, axis: number): Tensor {
  const at = axisOf(axis, tensor.rank, 1);
  const shape = [...tensor.shape];
  const strides = [...tensor.strides];
  strides.splice(at, 0, at < tensor.rank ? shape[at] * strides[at] : 1);
  shape.splice(at, 0, 1);
  return record(viewOf(tensor, shape, strides), 'UnsqueezeBackward0', [tensor], (grad) => [
    squeezeRaw(grad, [at]),
  ]);
}

function squeezeRaw(tensor: Tensor, axes: readonly number[]): Tensor {
  const keep = (_: number, axis: number) => !axes.includes(axis);
  return viewOf(tensor, tensor.shape.filter(keep), tensor.strides.filter(keep));
}

/** Without the axes of length 1: all of them, or the given one. */
export function squeeze(tensor: Tensor, axis?: number): Tensor {
  const at = axis === undefined ? tensor.shape.map((_, index) => index) : [axisOf(axis, tensor.rank)];
  const axes = at.filter((index) => tensor.shape[index] === 1);
  const name = axis === undefined ? 'SqueezeBackward0' : 'SqueezeBackward1';
  return record(squeezeRaw(tensor, axes), name, [tensor], (grad) => [reshapeRaw(grad, tensor.shape)]);
}

/** The same elements in another shape, without a record; copies only where no rule can do it. */
export function reshapeRaw(tensor: Tensor, shape: readonly number[]): Tensor {
  const strides = tensor.count === 0 ? denseStrides(shape) : viewStrides(tensor.shape, tensor.strides, shape);
  return strides ? viewOf(tensor, shape, strides) : tensorOf(valuesOf(tensor), shape, tensor.dtype);
}

/** Another shape of the same memory. Raises a RuntimeError where that would need a copy. */
export function view(tensor: Tensor, wanted: readonly number[], name = 'ViewBackward0'): Tensor {
  const shape = inferShape(wanted, tensor.count);
  if (tensor.count > 0 && !viewStrides(tensor.shape, tensor.strides, shape))
    throw runtimeError(
      "view size is not compatible with input tensor's size and stride (at least one dimension spans across two contiguous subspaces). Use .reshape(...) instead.",
    );
  return record(reshapeRaw(tensor, shape), name, [tensor], (grad) => [reshapeRaw(grad, tensor.shape)]);
}

/** Another shape; copies where a view cannot do it. */
export function reshape(tensor: Tensor, wanted: readonly number[]): Tensor {
  const shape = inferShape(wanted, tensor.count);
  if (tensor.count === 0 || viewStrides(tensor.shape, tensor.strides, shape)) return view(tensor, shape);
  return view(clone(tensor), shape, 'UnsafeViewBackward0');
}

/** The axes in another order. */
export function permute(tensor: Tensor, order: readonly number[], name = 'PermuteBackward0'): Tensor {
  if (order.length !== tensor.rank)
    throw runtimeError(
      `permute(sparse_coo): number of dimensions in the tensor input does not match the length of the desired ordering of dimensions i.e. input.dim() = ${tensor.rank} is not equal to len(dims) = ${order.length}`,
    );
  const axes = order.map((axis) => axisOf(axis, tensor.rank));
  if (new Set(axes).size !== axes.length) throw runtimeError('permute(): duplicate dims are not allowed.');
  return record(permuteRaw(tensor, axes), name, [tensor], (grad) => [
    permuteRaw(
      grad,
      axes.map((_, axis) => axes.indexOf(axis)),
    ),
  ]);
}

/** The axes in another order, without a record. */
export function permuteRaw(tensor: Tensor, axes: readonly number[]): Tensor {
  const pick = (list: readonly number[]) => axes.map((axis) => list[axis]);
  return viewOf(tensor, pick(tensor.shape), pick(tensor.strides));
}

/** Two axes swapped. */
export function transpose(
  tensor: Tensor,
  first: number,
  second: number,
  name = 'TransposeBackward0',
): Tensor {
  const [a, b] = [axisOf(first, tensor.rank), axisOf(second, tensor.rank)];
  const axes = tensor.shape.map((_, axis) => (axis === a ? b : axis === b ? a : axis));
  return permute(tensor, axes, name);
}

/** The matrix turned over its diagonal. */
export function turn(tensor: Tensor): Tensor {
  if (tensor.rank > 2)
    throw runtimeError(`t() expects a tensor with <= 2 dimensions, but self is ${tensor.rank}D`);
  return tensor.rank < 2
    ? permute(
        tensor,
        tensor.shape.map((_, axis) => axis),
        'TBackward0',
      )
    : transpose(tensor, 0, 1, 'TBackward0');
}

/** Repeated along axes of length 1 and new ones, without a copy. −1 keeps a length. */
export function expand(tensor: Tensor, wanted: readonly number[]): Tensor {
  const extra = wanted.length - tensor.rank;
  if (extra < 0)
    throw runtimeError(
      `expand(torch.${tensor.dtype.scalarName}Tensor{${sayShape(tensor.shape)}}, size=${sayShape(wanted)}): the number of sizes provided (${wanted.length}) must be greater or equal to the number of dimensions in the tensor (${tensor.rank})`,
    );
  const shape = wanted.map((size, axis) => {
    const own = tensor.shape[axis - extra];
    if (size === -1 && own === undefined)
      throw runtimeError(
        `expand(torch.${tensor.dtype.scalarName}Tensor{${sayShape(tensor.shape)}}, size=${sayShape(wanted)}): the expanded size of the tensor (-1) isn't allowed in a leading, non-existing dimension ${axis}`,
      );
    if (size === -1 || own === undefined) return size === -1 ? (own ?? 1) : size;
    if (own !== 1 && own !== size)
      throw runtimeError(
        `The expanded size of the tensor (${size}) must match the existing size (${own}) at non-singleton dimension ${axis}.  Target sizes: ${sayShape(wanted)}.  Tensor sizes: ${sayShape(tensor.shape)}`,
      );
    return size;
  });
  const strides = shape.map((size, axis) =>
    axis < extra || (tensor.shape[axis - extra] === 1 && size !== 1) ? 0 : tensor.strides[axis - extra],
  );
  return record(viewOf(tensor, shape, strides), 'ExpandBackward0', [tensor], (grad) => [
    sumTo(grad, tensor.shape),
  ]);
}

/** One entry of an axis, without that axis. Raises an IndexError where there is none, which names the axis `shown`. */
export function select(tensor: Tensor, axis: number, index: number, shown = axis): Tensor {
  const size = tensor.shape[axis];
  if (index < -size || index >= size)
    throw indexError(`index ${index} is out of bounds for dimension ${shown} with size ${size}`);
  const at = index < 0 ? index + size : index;
  const drop = (list: readonly number[]) => list.filter((_, other) => other !== axis);
  const result = viewOf(
    tensor,
    drop(tensor.shape),
    drop(tensor.strides),
    tensor.offset + at * tensor.strides[axis],
  );
  return record(result, 'SelectBackward0', [tensor], (grad) => [
    scatterInto(tensor, grad, (whole) => select(whole, axis, at)),
  ]);
}

/** Part of an axis, as Python's slices cut it. */
export function slice(tensor: Tensor, axis: number, from?: number, to?: number, step = 1): Tensor {
  if (step <= 0) throw valueError('step must be greater than zero');
  const size = tensor.shape[axis];
  const inside = (place: number) => Math.max(0, Math.min(size, place < 0 ? place + size : place));
  const [start, end] = [inside(from ?? 0), inside(to ?? size)];
  const length = Math.max(0, Math.ceil((end - start) / step));
  const shape = tensor.shape.map((own, other) => (other === axis ? length : own));
  const strides = tensor.strides.map((own, other) => (other === axis ? own * step : own));
  const result = viewOf(tensor, shape, strides, tensor.offset + (length ? start * tensor.strides[axis] : 0));
  // PyTorch records nothing for a slice that takes all
  if (length === size && step === 1) return record(result, 'SliceBackward0', [tensor], (grad) => [grad]);
  return record(result, 'SliceBackward0', [tensor], (grad) => [
    scatterInto(tensor, grad, (whole) => slice(whole, axis, start, end, step)),
  ]);
}

/** Zeros of a tensor's shape with a gradient written where `part` points. */
function scatterInto(tensor: Tensor, grad: Tensor, part: (whole: Tensor) => Tensor): Tensor {
  const whole = filled(tensor.shape, 0, grad.dtype);
  writeValues(part(whole), valuesOf(grad));
  return whole;
}

/** The diagonal of the first two axes. */
export function diagonal(tensor: Tensor, shift = 0): Tensor {
  const [rows, columns] = tensor.shape;
  if (tensor.rank !== 2)
    throw new PythonError('NotInBench', 'The bench takes diagonals of matrices only: two axes.');
  const length = Math.max(0, Math.min(rows + Math.min(0, shift), columns - Math.max(0, shift)));
  const [down, along] = tensor.strides;
  const offset = tensor.offset + (shift >= 0 ? shift * along : -shift * down);
  const result = viewOf(tensor, [length], [down + along], offset);
  return record(result, 'DiagonalBackward0', [tensor], (grad) => [
    scatterInto(tensor, grad, (whole) => diagonal(whole, shift)),
  ]);
}

/** A tensor for each entry of an axis. */
export function unbind(tensor: Tensor, axis = 0): Tensor[] {
  const at = axisOf(axis, tensor.rank);
  const results = Array.from({ length: tensor.shape[at] }, (_, index) => {
    const drop = (list: readonly number[]) => list.filter((_one, other) => other !== at);
    return viewOf(
      tensor,
      drop(tensor.shape),
      drop(tensor.strides),
      tensor.offset + index * tensor.strides[at],
    );
  });
  recordAll(results, 'UnbindBackward0', [tensor], (grads) => {
    const whole = filled(tensor.shape, 0, tensor.dtype);
    grads.forEach((grad, index) => {
      if (grad) writeValues(select(whole, at, index), valuesOf(grad));
    });
    return [whole];
  });
  return results;
}

/** Pieces of the given lengths along an axis. */
export function split(tensor: Tensor, lengths: readonly number[], axis: number): Tensor[] {
  const at = axisOf(axis, tensor.rank);
  let from = 0;
  const results = lengths.map((length) => {
    const shape = tensor.shape.map((own, other) => (other === at ? length : own));
    const piece = viewOf(tensor, shape, tensor.strides, tensor.offset + from * tensor.strides[at]);
    from += length;
    return piece;
  });
  recordAll(results, 'SplitBackward0', [tensor], (grads) => {
    const whole = filled(tensor.shape, 0, tensor.dtype);
    let start = 0;
    grads.forEach((grad, index) => {
      if (grad) writeValues(slice(whole, at, start, start + lengths[index]), valuesOf(grad));
      start += lengths[index];
    });
    return [whole];
  });
  return results;
}

/** A copy with memory of its own, row by row. */
export function clone(tensor: Tensor): Tensor {
  return record(
    tensorOf(valuesOf(tensor), tensor.shape, tensor.dtype),
    'CloneBackward0',
    [tensor],
    (grad) => [grad],
  );
}
