/** Arithmetic and functions of each element: what operations of tensors are called and take. */
import * as arithmetic from '../../engine/tensors/arithmetic.ts';
import * as choosing from '../../engine/tensors/choosing.ts';
import { bool, dtypes, float32, type DType } from '../../engine/tensors/dtype.ts';
import { mapValues, zipValues } from '../../engine/tensors/elementwise.ts';
import { record } from '../../engine/tensors/autograd.ts';
import { batchProduct, dot, matmul, matrixProduct, matrixVector } from '../../engine/tensors/matmul.ts';
import { runtimeError } from '../../engine/tensors/python-error.ts';
import { sayShape } from '../../engine/tensors/shapes.ts';
import { filled, Tensor, valuesOf } from '../../engine/tensors/tensor.ts';
import type { Bound } from './arguments.ts';
import { fillInPlace, checkChange, overwrite } from './in-place.ts';
import type { Operation, Operations } from './operations.ts';
import { DTypeValue, Device, TypeValue, type Value } from './values.ts';

const { unary } = arithmetic;

/** Functions of each element: name in the record, function, derivative, what the walk back reads. */
const elementwise: Readonly<
  Record<
    string,
    [string, (x: number) => number, (x: number, y: number) => number, ('input' | 'result' | 'nothing')?]
  >
> = {
  exp: ['Exp', Math.exp, (_, y) => y, 'result'],
  log: ['Log', Math.log, (x) => 1 / x],
  log2: ['Log2', Math.log2, (x) => 1 / (x * Math.LN2)],
  log10: ['Log10', Math.log10, (x) => 1 / (x * Math.LN10)],
  log1p: ['Log1P', Math.log1p, (x) => 1 / (1 + x)],
  sqrt: ['Sqrt', Math.sqrt, (_, y) => 1 / (2 * y), 'result'],
  rsqrt: ['Rsqrt', (x) => 1 / Math.sqrt(x), (_, y) => -0.5 * y ** 3, 'result'],
  sigmoid: ['Sigmoid', (x) => 1 / (1 + Math.exp(-x)), (_, y) => y * (1 - y), 'result'],
  tanh: ['Tanh', Math.tanh, (_, y) => 1 - y * y, 'result'],
  sin: ['Sin', Math.sin, (x) => Math.cos(x)],
  cos: ['Cos', Math.cos, (x) => -Math.sin(x)],
  reciprocal: ['Reciprocal', (x) => 1 / x, (_, y) => -y * y, 'result'],
};

/** Those that keep whole numbers whole. */
const keeping: Readonly<Record<string, [string, (x: number) => number, (x: number) => number]>> = {
  abs: ['Abs', Math.abs, Math.sign],
  relu: ['Relu', (x) => (x > 0 || Number.isNaN(x) ? x : 0), (x) => (x > 0 ? 1 : 0)],
  round: ['Round', roundEven, () => 0],
  floor: ['Floor', Math.floor, () => 0],
  ceil: ['Ceil', Math.ceil, () => 0],
  trunc: ['Trunc', Math.trunc, () => 0],
  sign: ['Sign', (x) => Math.sign(x) + 0, () => 0],
  square: ['Pow', (x) => x * x, (x) => 2 * x],
};

/** Rounded to the nearest whole number, halves to the even one. */
function roundEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  return (rest < 0.5 || (rest === 0.5 && below % 2 === 0) ? below : below + 1) || (value < 0 ? -0 : 0);
}

function keepType(tensor: Tensor, [name, fn, slope]: (typeof keeping)[string]): Tensor {
  return record(
    mapValues(tensor, fn),
    `${name}Backward0`,
    [tensor],
    (grad) => [zipValues(grad, tensor, (g, x) => g * slope(x), grad.dtype)],
    [tensor],
  );
}

const term =
  (fn: (a: arithmetic.Term, b: arithmetic.Term) => Tensor): Operation =>
  (tensor, args) =>
    fn(tensor, args.term('other'));
const scaled =
  (fn: (a: arithmetic.Term, b: arithmetic.Term) => Tensor): Operation =>
  (tensor, args) => {
    const factor = args.value('alpha');
    return fn(
      tensor,
      factor === undefined
        ? args.term('other')
        : arithmetic.multiply(arithmetic.asTensor(args.term('other')), args.term('alpha')),
    );
  };
const inPlace =
  (fn: (a: arithmetic.Term, b: arithmetic.Term) => Tensor): Operation =>
  (tensor, args) => {
    checkChange(tensor);
    return overwrite(tensor, fn(tensor, args.term('other')), arithmetic.typeOf(tensor, args.term('other')));
  };
const comparing =
  (fn: (x: number, y: number) => boolean): Operation =>
  (tensor, args) =>
    choosing.compare(tensor, args.term('other'), fn);
const testing =
  (fn: (x: number) => boolean): Operation =>
  (tensor) =>
    mapValues(tensor, (value) => Number(fn(value)), bool);
const cast =
  (dtype: DType): Operation =>
  (tensor) =>
    choosing.toType(tensor, dtype);

export const mathOperations: Operations = {
  ...Object.fromEntries(
    Object.entries(elementwise).map(([name, [node, fn, slope, keeps]]) => [
      `${name}()`,
      (tensor: Tensor) => unary(tensor, `${node}Backward0`, fn, slope, keeps),
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(keeping).map(([name, rule]) => [`${name}()`, (tensor: Tensor) => keepType(tensor, rule)]),
  ),
  ...Object.fromEntries(
    ['float', 'double', 'half', 'bfloat16', 'int', 'long', 'short', 'bool'].map((name) => [
      `${name}()`,
      cast(dtypes[name]),
    ]),
  ),
  'neg()': (tensor) => arithmetic.negate(tensor),
  'logical_not()': testing((value) => value === 0),
  'isnan()': testing(Number.isNaN),
  'isinf()': testing((value) => Math.abs(value) === Infinity),
  'isfinite()': testing(Number.isFinite),
  'add(other: Term, *, alpha: Number?)': scaled(arithmetic.add),
  'sub(other: Term, *, alpha: Number?)': scaled(arithmetic.subtract),
  'subtract(other: Term)': term(arithmetic.subtract),
  'mul(other: Term)': term(arithmetic.multiply),
  'multiply(other: Term)': term(arithmetic.multiply),
  'div(other: Term)': term(arithmetic.divide),
  'divide(other: Term)': term(arithmetic.divide),
  'floor_divide(other: Term)': term(arithmetic.floorDivide),
  'remainder(other: Term)': term(arithmetic.remainder),
  'pow(exponent: Term)': (tensor, args) => arithmetic.power(tensor, args.term('exponent')),
  'add_(other: Term)': inPlace(arithmetic.add),
  'sub_(other: Term)': inPlace(arithmetic.subtract),
  'mul_(other: Term)': inPlace(arithmetic.multiply),
  'div_(other: Term)': inPlace(arithmetic.divide),
  'zero_()': (tensor) => fillInPlace(tensor, 0, 'ZeroBackward0'),
  'fill_(value: Number)': (tensor, args) => fillInPlace(tensor, args.number('value') ?? 0, 'FillBackward0'),
  'copy_(other: Term)': inPlace((_, b) => arithmetic.asTensor(b)),
  'eq(other: Term)': comparing((x, y) => x === y),
  'ne(other: Term)': comparing((x, y) => x !== y),
  'lt(other: Term)': comparing((x, y) => x < y),
  'le(other: Term)': comparing((x, y) => x <= y),
  'gt(other: Term)': comparing((x, y) => x > y),
  'ge(other: Term)': comparing((x, y) => x >= y),
  'equal(other: Tensor)': (tensor, args) =>
    sayShape(tensor.shape) === sayShape(args.tensor('other').shape) &&
    String(valuesOf(tensor)) === String(valuesOf(args.tensor('other'))),
  'allclose(other: Tensor, rtol: Number?, atol: Number?)': (tensor, args) => {
    const [relative, absolute] = [args.number('rtol') ?? 1e-5, args.number('atol') ?? 1e-8];
    return valuesOf(
      choosing.compare(
        tensor,
        args.tensor('other'),
        (x, y) => x === y || Math.abs(x - y) <= absolute + relative * Math.abs(y),
      ),
    ).every(Boolean);
  },
  'matmul(other: Tensor)': (tensor, args) => matmul(tensor, args.tensor('other')),
  'mm(mat2: Tensor)': (tensor, args) => {
    if (tensor.rank !== 2) throw runtimeError('self must be a matrix');
    if (args.tensor('mat2').rank !== 2) throw runtimeError('mat2 must be a matrix');
    return matrixProduct(tensor, args.tensor('mat2'));
  },
  'mv(vec: Tensor)': (tensor, args) => matrixVector(tensor, args.tensor('vec')),
  'bmm(mat2: Tensor)': (tensor, args) => batchProduct(tensor, args.tensor('mat2')),
  'dot(tensor: Tensor)': (tensor, args) => dot(tensor, args.tensor('tensor')),
  'outer(vec2: Tensor)': (tensor, args) => {
    const other = args.tensor('vec2');
    return zipValues(
      new Tensor(tensor.memory, tensor.dtype, [tensor.count, 1], [tensor.strides[0] ?? 1, 1], tensor.offset),
      other,
      (x, y) => x * y,
      arithmetic.typeOf(tensor, other),
    );
  },
  'clamp(min: Number?, max: Number?)': (tensor, args) => clampBy(tensor, args),
  'clip(min: Number?, max: Number?)': (tensor, args) => clampBy(tensor, args),
  'masked_fill(mask: Tensor, value: Term)': (tensor, args) =>
    choosing.maskedFill(tensor, args.tensor('mask'), args.term('value')),
  'where(self: Term, other: Term)': (tensor, args) =>
    choosing.where(tensor, args.term('self'), args.term('other')),
  'masked_select(mask: Tensor)': (tensor, args) => {
    const mask = valuesOf(args.tensor('mask'));
    const kept = valuesOf(tensor).filter((_, at) => mask[at] !== 0);
    return new Tensor({ data: Float64Array.from(kept), version: 0 }, tensor.dtype, [kept.length]);
  },
  'type_as(other: Tensor)': (tensor, args) => choosing.toType(tensor, args.tensor('other').dtype),
  'type(dtype: any?)': (tensor, args): Value => {
    const wanted = args.value('dtype');
    if (wanted === undefined) return `torch.${tensor.dtype.scalarName}Tensor`;
    return choosing.toType(tensor, wanted instanceof DTypeValue ? wanted.dtype : tensor.dtype);
  },
  'to(dtype: any?)': (tensor, args) => {
    const wanted = args.value('dtype');
    if (wanted instanceof DTypeValue) return choosing.toType(tensor, wanted.dtype);
    if (wanted instanceof Tensor) return choosing.toType(tensor, wanted.dtype);
    if (wanted === 'cpu' || wanted === undefined || wanted instanceof Device || wanted instanceof TypeValue)
      return tensor;
    throw runtimeError('This bench has one device, the CPU.');
  },
  'cpu()': (tensor) => tensor,
  'new_zeros(size: ints*)': (tensor, args) => filled(args.numbers('size') ?? [], 0, tensor.dtype),
  'new_ones(size: ints*)': (tensor, args) => filled(args.numbers('size') ?? [], 1, tensor.dtype),
};

function clampBy(tensor: Tensor, args: Bound): Tensor {
  const [low, high] = [args.number('min'), args.number('max')];
  if (low === undefined && high === undefined)
    throw runtimeError("torch.clamp: At least one of 'min' or 'max' must not be None");
  const isFloat = [args.value('min'), args.value('max')].some((value) => typeof value === 'number');
  return choosing.clamp(tensor, low, high, isFloat && tensor.dtype.kind !== 'float' ? float32 : tensor.dtype);
}
