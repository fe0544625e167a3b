/** What stands between square brackets: numbers, slices, new axes, lists, tensors of indices, masks. */
import { mode, record } from './autograd.ts';
import { bool, int64 } from './dtype.ts';
import { PythonError, indexError, runtimeError } from './python-error.ts';
import { broadcastShapes, sayShape } from './shapes.ts';
import { stretchedValues } from './elementwise.ts';
import { Tensor, countOf, filled, tensorOf, valuesOf, writeValues } from './tensor.ts';
import { expand, permuteRaw, reshapeRaw, select, slice, unsqueeze } from './views.ts';

/** One part of an index. */
export type Index =
  | { kind: 'number'; at: number }
  | { kind: 'slice'; from?: number | undefined; to?: number | undefined; step?: number | undefined }
  | { kind: 'new' }
  | { kind: 'rest' }
  | { kind: 'tensor'; tensor: Tensor };

/** The part of a tensor that an index names: a view, or a copy where lists and masks choose. */
export function takeAt(tensor: Tensor, index: readonly Index[]): Tensor {
  const { viewed, chosen } = applyViews(tensor, index);
  if (chosen.every((one) => one === undefined)) return viewed;
  const places = placesAt(viewed, chosen);
  const values = valuesOf(viewed);
  const result = tensorOf(
    places.at.map((place) => values[place]),
    places.shape,
    tensor.dtype,
  );
  return record(result, 'IndexBackward0', [viewed], (grad) => {
    const whole = filled(viewed.shape, 0, grad.dtype);
    valuesOf(grad).forEach((value, at) => (whole.memory.data[places.at[at]] += value));
    return [whole];
  });
}

/** Writes into the part of a tensor that an index names. Raises what PyTorch raises where the graph forbids it. */
export function putAt(tensor: Tensor, index: readonly Index[], value: Tensor): void {
  if (mode.isRecording && tensor.requiresGrad && !tensor.gradFn)
    throw runtimeError(
      'a view of a leaf Variable that requires grad is being used in an in-place operation.',
    );
  const { viewed, chosen } = quietly(() => applyViews(tensor, index));
  const isList = chosen.some((one) => one !== undefined);
  const places = isList ? placesAt(viewed, chosen) : undefined;
  const shape = places?.shape ?? viewed.shape;
  const fitted = fitValue(value, shape, isList);
  const write = (target: Tensor, values: ArrayLike<number>): void => {
    if (!places) writeValues(target, values);
    else {
      const all = Float64Array.from(valuesOf(target));
      places.at.forEach((place, at) => (all[place] = values[at]));
      writeValues(target, all);
    }
  };
  write(viewed, stretchedValues(fitted, shape));
  if (!mode.isRecording || !(tensor.requiresGrad || value.requiresGrad)) return;
  const before = Object.assign(
    new Tensor(tensor.memory, tensor.dtype, tensor.shape, tensor.strides, tensor.offset),
    {
      gradFn: tensor.gradFn,
      output: tensor.output,
    },
  );
  record(tensor, isList ? 'IndexPutBackward0' : 'CopySlices', [before, value], (grad) => {
    const rest = tensorOf(valuesOf(grad), grad.shape, grad.dtype);
    const part = applyViews(rest, index).viewed;
    const taken = places
      ? tensorOf(
          places.at.map((place) => valuesOf(part)[place]),
          shape,
          grad.dtype,
        )
      : tensorOf(valuesOf(part), shape, grad.dtype);
    write(part, new Float64Array(countOf(shape)));
    return [rest, sumToValue(taken, value)];
  });
}

function sumToValue(grad: Tensor, value: Tensor): Tensor {
  const sums = filled(value.shape, 0, value.dtype);
  const places = tensorOf([...valuesOf(value).keys()], value.shape);
  const at = stretchedValues(places, broadcastShapes(grad.shape, value.shape));
  valuesOf(grad).forEach((one, index) => (sums.memory.data[at[index]] += one));
  return sums;
}

function quietly<T>(work: () => T): T {
  const before = mode.isRecording;
  mode.isRecording = false;
  try {
    return work();
  } finally {
    mode.isRecording = before;
  }
}

function fitValue(value: Tensor, shape: readonly number[], isList: boolean): Tensor {
  if (isList) {
    try {
      return expand(value, shape);
    } catch {
      throw runtimeError(
        `shape mismatch: value tensor of shape ${sayShape(value.shape)} cannot be broadcast to indexing result of shape ${sayShape(shape)}`,
      );
    }
  }
  // Leading axes of length 1 may go
  let trimmed = value;
  while (trimmed.rank > shape.length && trimmed.shape[0] === 1)
    trimmed = reshapeRaw(trimmed, trimmed.shape.slice(1));
  return expand(trimmed, shape);
}

/** Applies everything that makes a view; axes for which a tensor chooses stand in `chosen`. */
function applyViews(
  tensor: Tensor,
  index: readonly Index[],
): { viewed: Tensor; chosen: (Tensor | undefined)[] } {
  const takes = index.reduce((sum, part) => sum + axesOf(part), 0);
  if (takes > tensor.rank) {
    if (tensor.rank === 0)
      throw indexError(
        'invalid index of a 0-dim tensor. Use `tensor.item()` in Python or `tensor.item<T>()` in C++ to convert a 0-dim tensor to a number',
      );
    throw indexError(`too many indices for tensor of dimension ${tensor.rank}`);
  }
  const rests = index.filter(({ kind }) => kind === 'rest').length;
  if (rests > 1) throw indexError("an index can only have a single ellipsis ('...')");
  let viewed = tensor;
  // Where the next part applies, and which axis of the whole tensor that is
  let [axis, own] = [0, 0];
  const chosen: (Tensor | undefined)[] = [];
  for (const part of index) {
    if (part.kind === 'number') viewed = select(viewed, axis, part.at, own);
    else if (part.kind === 'slice') viewed = slice(viewed, axis++, part.from, part.to, part.step);
    else if (part.kind === 'new') viewed = unsqueeze(viewed, axis++);
    else if (part.kind === 'rest') axis += tensor.rank - takes;
    else {
      const masks =
        part.tensor.dtype === bool ? maskIndices(viewed, part.tensor, axis) : [checked(part.tensor)];
      for (const one of masks) chosen[axis++] = one;
    }
    own += part.kind === 'rest' ? tensor.rank - takes : axesOf(part);
  }
  return { viewed, chosen: viewed.shape.map((_, at) => chosen[at]) };
}

function axesOf(part: Index): number {
  if (part.kind === 'tensor') return part.tensor.dtype === bool ? part.tensor.rank : 1;
  return part.kind === 'number' || part.kind === 'slice' ? 1 : 0;
}

function checked(tensor: Tensor): Tensor {
  if (tensor.dtype.kind === 'float')
    throw indexError('tensors used as indices must be long, int, byte or bool tensors');
  return tensor;
}

/** The indices, one tensor an axis, of the places where a mask is true. */
function maskIndices(tensor: Tensor, mask: Tensor, axis: number): Tensor[] {
  mask.shape.forEach((size, at) => {
    if (size !== tensor.shape[axis + at])
      throw indexError(
        `The shape of the mask ${sayShape(mask.shape)} at index ${at} does not match the shape of the indexed tensor ${sayShape(tensor.shape)} at index ${axis + at}`,
      );
  });
  return nonzeroColumns(mask);
}

/** One tensor of indices for each axis, together naming every element that is not 0. */
export function nonzeroColumns(tensor: Tensor): Tensor[] {
  const found: number[] = [];
  valuesOf(tensor).forEach((value, at) => {
    if (value !== 0) found.push(at);
  });
  return tensor.shape.map((size, axis) => {
    const inner = countOf(tensor.shape.slice(axis + 1));
    return tensorOf(
      found.map((at) => Math.floor(at / inner) % size),
      [found.length],
      int64,
    );
  });
}

/** The places of chosen elements in the flat tensor, and the result's shape: chosen axes stand together where the first of them stood. */
function placesAt(
  tensor: Tensor,
  chosen: readonly (Tensor | undefined)[],
): { at: number[]; shape: number[] } {
  const axes = chosen.flatMap((one, axis) => (one ? [axis] : []));
  const lists = axes.map((axis) => chosen[axis] as Tensor);
  let shape: number[];
  try {
    shape = lists.map((list) => list.shape).reduce<number[]>((a, b) => broadcastShapes(a, b), []);
  } catch {
    throw indexError(
      `shape mismatch: indexing tensors could not be broadcast together with shapes ${lists.map((list) => sayShape(list.shape)).join(', ')}`,
    );
  }
  const columns = lists.map((list, at) => {
    const size = tensor.shape[axes[at]];
    return stretchedValues(list, shape).map((index) => {
      if (index < -size || index >= size)
        throw indexError(`index ${index} is out of bounds for dimension ${axes[at]} with size ${size}`);
      return index < 0 ? index + size : index;
    });
  });
  const rest = tensor.shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const isTogether = axes.every((axis, at) => at === 0 || axis === axes[at - 1] + 1);
  const before = isTogether ? rest.filter((axis) => axis < axes[0]) : [];
  const after = rest.filter((axis) => !before.includes(axis));
  const places = reshapeRaw(tensorOf([...Array(tensor.count).keys()], tensor.shape), tensor.shape);
  const turned = permuteRaw(places, [...before, ...axes, ...after]);
  const flat = valuesOf(turned);
  const [outer, inner] = [before, after].map((list) => countOf(list.map((axis) => tensor.shape[axis])));
  const chosenCount = countOf(axes.map((axis) => tensor.shape[axis]));
  const at: number[] = [];
  for (let o = 0; o < outer; o++)
    for (let n = 0; n < countOf(shape); n++) {
      const row = columns.reduce((place, column, c) => place * tensor.shape[axes[c]] + column[n], 0);
      for (let i = 0; i < inner; i++) at.push(flat[(o * chosenCount + row) * inner + i]);
    }
  return {
    at,
    shape: [
      ...before.map((axis) => tensor.shape[axis]),
      ...shape,
      ...after.map((axis) => tensor.shape[axis]),
    ],
  };
}

/** Values along an axis, picked by a tensor of indices that has as many axes. */
export function gather(tensor: Tensor, axis: number, index: Tensor): Tensor {
  if (index.dtype !== int64) throw runtimeError('gather(): Expected dtype int64 for index');
  if (index.rank !== tensor.rank)
    throw runtimeError('Index tensor must have the same number of dimensions as input tensor');
  const grid = index.shape.map((size, other) => {
    if (other === axis) return index;
    return reshapeRaw(
      tensorOf([...Array(size).keys()], [size], int64),
      index.shape.map((_, at) => (at === other ? size : 1)),
    );
  });
  const result = takeAt(
    tensor,
    grid.map((one) => ({ kind: 'tensor', tensor: one })),
  );
  if (result.gradFn) result.gradFn.name = 'GatherBackward0';
  return result;
}

/** Whole entries of an axis, in the order of a list of indices. */
export function indexSelect(tensor: Tensor, axis: number, index: Tensor): Tensor {
  if (index.rank > 1) throw new PythonError('IndexError', 'index_select(): Index is supposed to be a vector');
  const before: Index[] = tensor.shape.slice(0, axis).map(() => ({ kind: 'slice' }));
  const result = takeAt(tensor, [...before, { kind: 'tensor', tensor: reshapeRaw(index, [index.count]) }]);
  if (result.gradFn) result.gradFn.name = 'IndexSelectBackward0';
  return result;
}
