/** Sums, means, extremes and softmax: what operations of tensors are called and take. */
import { maximumOf } from '../../engine/tensors/pairs.ts';
import { bool, uint8, int64 } from '../../engine/tensors/dtype.ts';
import {
  argExtreme,
  deviation,
  extreme,
  extremeAlong,
  mean,
  norm,
  product,
  sum,
  truth,
  variance,
  type Axes,
  type Extreme,
} from '../../engine/tensors/reductions.ts';
import { cumulate, logSoftmax, softmax, sort } from '../../engine/tensors/rows.ts';
import { indexError, runtimeError } from '../../engine/tensors/python-error.ts';
import { axisOf } from '../../engine/tensors/shapes.ts';
import { Tensor, tensorOf, valuesOf } from '../../engine/tensors/tensor.ts';
import { slice, reshapeRaw } from '../../engine/tensors/views.ts';
import { toType } from '../../engine/tensors/choosing.ts';
import type { Bound } from './arguments.ts';
import type { Operation, Operations } from './operations.ts';
import { Tuple, type Value } from './values.ts';

function axesOf(args: Bound): Axes {
  return { axes: args.numbers('dim'), keepdim: args.flag('keepdim') };
}

const typed = (tensor: Tensor, args: Bound): Tensor => {
  const dtype = args.dtype();
  return dtype ? toType(tensor, dtype) : tensor;
};

const pair = (name: string, { values, indices }: { values: Tensor; indices: Tensor }): Tuple =>
  new Tuple([values, indices], `torch.return_types.${name}`, ['values', 'indices']);

const extremes =
  (kind: Extreme): Operation =>
  (tensor, args) => {
    const other = args.value('dim');
    if (other instanceof Tensor) return maximumOf(tensor, other, kind);
    const axis = args.number('dim');
    return axis === undefined
      ? extreme(tensor, kind)
      : pair(kind, extremeAlong(tensor, kind, axis, args.flag('keepdim')));
  };

const spread =
  (fn: typeof variance): Operation =>
  (tensor, args) => {
    const unbiased = args.value('unbiased') ?? true;
    const correction = args.number('correction') ?? (unbiased === false ? 0 : 1);
    return fn(tensor, { ...axesOf(args), correction });
  };

export const reducingOperations: Operations = {
  'sum!(dim: ints?, keepdim: bool?, *, dtype: dtype?)': (tensor, args) =>
    sum(typed(tensor, args), axesOf(args)),
  'mean!(dim: ints?, keepdim: bool?, *, dtype: dtype?)': (tensor, args) =>
    mean(typed(tensor, args), axesOf(args)),
  'prod!(dim: int?, keepdim: bool?)': (tensor, args) => product(tensor, axesOf(args)),
  'var!(dim: ints?, unbiased: bool?, keepdim: bool?, *, correction: int?)': spread(variance),
  'std!(dim: ints?, unbiased: bool?, keepdim: bool?, *, correction: int?)': spread(deviation),
  'norm(p: Number?, dim: ints?, keepdim: bool?)': (tensor, args) => norm(tensor, axesOf(args)),
  'max!(dim: any?, keepdim: bool?)': extremes('max'),
  'min!(dim: any?, keepdim: bool?)': extremes('min'),
  'amax(dim: int, keepdim: bool?)': (tensor, args) =>
    extremeAlong(tensor, 'max', args.number('dim') ?? 0, args.flag('keepdim')).values,
  'amin(dim: int, keepdim: bool?)': (tensor, args) =>
    extremeAlong(tensor, 'min', args.number('dim') ?? 0, args.flag('keepdim')).values,
  'maximum(other: Tensor)': (tensor, args) => maximumOf(tensor, args.tensor('other'), 'max'),
  'minimum(other: Tensor)': (tensor, args) => maximumOf(tensor, args.tensor('other'), 'min'),
  'argmax(dim: int?, keepdim: bool?)': (tensor, args) =>
    argExtreme(tensor, 'max', args.number('dim'), args.flag('keepdim')),
  'argmin(dim: int?, keepdim: bool?)': (tensor, args) =>
    argExtreme(tensor, 'min', args.number('dim'), args.flag('keepdim')),
  'any(dim: int?, keepdim: bool?)': (tensor, args) =>
    truth(tensor, 'any', axesOf(args), tensor.dtype === uint8 ? uint8 : bool),
  'all(dim: int?, keepdim: bool?)': (tensor, args) =>
    truth(tensor, 'all', axesOf(args), tensor.dtype === uint8 ? uint8 : bool),
  'softmax(dim: int, dtype: dtype?)': (tensor, args) => softmax(typed(tensor, args), args.number('dim') ?? 0),
  'log_softmax(dim: int, dtype: dtype?)': (tensor, args) =>
    logSoftmax(typed(tensor, args), args.number('dim') ?? 0),
  'cumsum(dim: int)': (tensor, args) => cumulate(tensor, args.number('dim') ?? 0),
  'sort(dim: int?, descending: bool?)': (tensor, args) =>
    pair('sort', sort(tensor, args.number('dim') ?? -1, args.flag('descending'))),
  'argsort(dim: int?, descending: bool?)': (tensor, args) =>
    sort(tensor, args.number('dim') ?? -1, args.flag('descending')).indices,
  'topk(k: int, dim: int?, largest: bool?, sorted: bool?)': (tensor, args) => topk(tensor, args),
  'bincount()': (tensor) => {
    if (tensor.rank !== 1 || valuesOf(tensor).some((value) => value < 0))
      throw runtimeError('bincount only supports 1-d non-negative integral inputs.');
    const counts = new Array<number>(tensor.count ? Math.max(...valuesOf(tensor)) + 1 : 0).fill(0);
    for (const value of valuesOf(tensor)) counts[value]++;
    return tensorOf(counts, [counts.length], int64);
  },
  'count_nonzero()': (tensor) => tensorOf([valuesOf(tensor).filter(Boolean).length], [], int64),
};

function topk(tensor: Tensor, args: Bound): Value {
  const count = args.number('k') ?? 1;
  const axis = axisOf(args.number('dim') ?? -1, tensor.rank);
  if (count > (tensor.shape[axis] ?? 1)) throw runtimeError('selected index k out of range');
  if (tensor.rank === 0) throw indexError('The bench takes topk of tensors with an axis.');
  const { values, indices } = sort(tensor, axis, args.flag('largest', true));
  const cut = (whole: Tensor): Tensor => {
    const part = slice(whole, axis, 0, count);
    if (part.gradFn) part.gradFn.name = 'TopkBackward0';
    return part.gradFn ? part : reshapeRaw(tensorOf(valuesOf(part), part.shape, part.dtype), part.shape);
  };
  return pair('topk', { values: cut(values), indices: cut(indices) });
}
