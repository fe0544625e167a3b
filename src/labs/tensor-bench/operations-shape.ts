/** Shapes, joins and indices: what operations of tensors are called and take. */
import { int64 } from '../../engine/tensors/dtype.ts';
import { gather, indexSelect, nonzeroColumns } from '../../engine/tensors/indexing.ts';
import { diagonalMatrix, flip, repeat, roll, stack, triangle } from '../../engine/tensors/joining.ts';
import { axisOf } from '../../engine/tensors/shapes.ts';
import type { Tensor } from '../../engine/tensors/tensor.ts';
import { valuesOf, checkCount, tensorOf } from '../../engine/tensors/tensor.ts';
import {
  clone,
  diagonal,
  expand,
  permute,
  reshape,
  split,
  squeeze,
  transpose,
  turn,
  unbind,
  unsqueeze,
  view,
} from '../../engine/tensors/views.ts';
import { runtimeError } from '../../engine/tensors/python-error.ts';
import type { Bound } from './arguments.ts';
import type { Operations } from './operations.ts';
import { Tuple, type Value } from './values.ts';

const size = (numbers: readonly number[]): Tuple => new Tuple(numbers.map(BigInt), 'torch.Size');
const ints = (args: Bound, name: string): number[] => args.numbers(name) ?? [];
const axisIn = (tensor: Tensor, args: Bound, name = 'dim'): number =>
  axisOf(args.number(name) ?? 0, tensor.rank);

export const shapeOperations: Operations = {
  'size(dim: int?)': (tensor, args) => {
    const axis = args.number('dim');
    return axis === undefined ? size(tensor.shape) : BigInt(tensor.shape[axisOf(axis, tensor.rank)]);
  },
  'dim()': (tensor) => BigInt(tensor.rank),
  'ndimension()': (tensor) => BigInt(tensor.rank),
  'numel()': (tensor) => BigInt(tensor.count),
  'nelement()': (tensor) => BigInt(tensor.count),
  'element_size()': (tensor) => BigInt(tensor.dtype.bytes),
  'stride(dim: int?)': (tensor, args) => {
    const axis = args.number('dim');
    return axis === undefined
      ? new Tuple(tensor.strides.map(BigInt))
      : BigInt(tensor.strides[axisOf(axis, tensor.rank)]);
  },
  'is_contiguous()': (tensor) => tensor.isDense,
  'contiguous()': (tensor) => (tensor.isDense ? tensor : clone(tensor)),
  'clone()': (tensor) => clone(tensor),
  'unsqueeze(dim: int)': (tensor, args) => unsqueeze(tensor, args.number('dim') ?? 0),
  'squeeze(dim: int?)': (tensor, args) => squeeze(tensor, args.number('dim')),
  'view(size: ints*)': (tensor, args) => view(tensor, ints(args, 'size')),
  'view_as(other: Tensor)': (tensor, args) => view(tensor, args.tensor('other').shape),
  'reshape(shape: ints*)': (tensor, args) => reshape(tensor, ints(args, 'shape')),
  'reshape_as(other: Tensor)': (tensor, args) => reshape(tensor, args.tensor('other').shape),
  'flatten(start_dim: int?, end_dim: int?)': (tensor, args) =>
    flatten(tensor, args.number('start_dim') ?? 0, args.number('end_dim') ?? -1),
  'ravel()': (tensor) => reshape(tensor, [-1]),
  'transpose(dim0: int, dim1: int)': (tensor, args) =>
    transpose(tensor, args.number('dim0') ?? 0, args.number('dim1') ?? 0),
  'swapaxes(axis0: int, axis1: int)': (tensor, args) =>
    transpose(tensor, args.number('axis0') ?? 0, args.number('axis1') ?? 0),
  't()': (tensor) => turn(tensor),
  'permute(dims: ints*)': (tensor, args) => permute(tensor, ints(args, 'dims')),
  'movedim(source: int, destination: int)': (tensor, args) => {
    const [from, to] = [axisIn(tensor, args, 'source'), axisIn(tensor, args, 'destination')];
    const axes = tensor.shape.map((_, axis) => axis).filter((axis) => axis !== from);
    return permute(tensor, axes.toSpliced(to, 0, from));
  },
  'expand(size: ints*)': (tensor, args) => expand(tensor, ints(args, 'size')),
  'expand_as(other: Tensor)': (tensor, args) => expand(tensor, args.tensor('other').shape),
  'broadcast_to(size: ints)': (tensor, args) => expand(tensor, ints(args, 'size')),
  'repeat(repeats: ints*)': (tensor, args) => repeat(tensor, ints(args, 'repeats')),
  'repeat_interleave(repeats: int, dim: int?)': (tensor, args) => {
    const count = args.number('repeats') ?? 1;
    const axis = args.number('dim');
    const flat = axis === undefined ? reshape(tensor, [-1]) : tensor;
    const at = axisOf(axis ?? 0, flat.rank);
    checkCount(flat.shape[at] * count);
    const order = Array.from({ length: flat.shape[at] * count }, (_, index) => Math.floor(index / count));
    return indexSelect(flat, at, tensorOf(order, [order.length], int64));
  },
  'flip(dims: ints*)': (tensor, args) => flip(tensor, ints(args, 'dims')),
  'roll(shifts: int, dims: int?)': (tensor, args) =>
    roll(tensor, args.number('shifts') ?? 0, args.number('dims')),
  'chunk(chunks: int, dim: int?)': (tensor, args) => {
    const axis = axisIn(tensor, args);
    const each = Math.ceil(tensor.shape[axis] / (args.number('chunks') ?? 1));
    return new Tuple(split(tensor, pieces(tensor.shape[axis], each), axis));
  },
  'split(split_size: ints, dim: int?)': (tensor, args) => {
    const axis = axisIn(tensor, args);
    const wanted = ints(args, 'split_size');
    const isList = args.value('split_size') instanceof Object;
    return new Tuple(split(tensor, isList ? wanted : pieces(tensor.shape[axis], wanted[0]), axis));
  },
  'unbind(dim: int?)': (tensor, args) => new Tuple(unbind(tensor, args.number('dim') ?? 0)),
  'select(dim: int, index: int)': (tensor, args) =>
    unbind(tensor, args.number('dim') ?? 0)[args.number('index') ?? 0],
  'gather(dim: int, index: Tensor)': (tensor, args) =>
    gather(tensor, axisIn(tensor, args), args.tensor('index')),
  'index_select(dim: int, index: Tensor)': (tensor, args) =>
    indexSelect(tensor, axisIn(tensor, args), args.tensor('index')),
  'nonzero(*, as_tuple: bool?)': (tensor, args): Value => {
    const columns = nonzeroColumns(tensor);
    return args.flag('as_tuple')
      ? new Tuple(columns)
      : columns.length
        ? stack(columns, 1)
        : tensorOf([], [0, 0], int64);
  },
  'tril(diagonal: int?)': (tensor, args) => triangle(tensor, 'lower', args.number('diagonal') ?? 0),
  'triu(diagonal: int?)': (tensor, args) => triangle(tensor, 'upper', args.number('diagonal') ?? 0),
  'diag(diagonal: int?)': (tensor, args) =>
    tensor.rank === 1 ? diagonalMatrix(tensor) : diagonal(tensor, args.number('diagonal') ?? 0),
  'diagonal(offset: int?)': (tensor, args) => diagonal(tensor, args.number('offset') ?? 0),
  'unique(*, sorted: bool?)': (tensor) => {
    const values = [...new Set(valuesOf(tensor))].sort((a, b) => a - b);
    return tensorOf(values, [values.length], tensor.dtype);
  },
};

function flatten(tensor: Tensor, from: number, to: number): Tensor {
  if (tensor.rank === 0) return reshape(tensor, [1]);
  const [start, end] = [axisOf(from, tensor.rank), axisOf(to, tensor.rank)];
  if (start > end) throw runtimeError('flatten() has invalid args: start_dim cannot come after end_dim');
  if (start === end) return tensor;
  const joined = tensor.shape.slice(start, end + 1).reduce((product, own) => product * own, 1);
  return reshape(tensor, [...tensor.shape.slice(0, start), joined, ...tensor.shape.slice(end + 1)]);
}

function pieces(length: number, each: number): number[] {
  return Array.from({ length: Math.max(1, Math.ceil(length / each)) }, (_, index) =>
    Math.min(each, length - index * each),
  );
}
