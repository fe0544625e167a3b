/** `torch.zeros` and its kin: tensors from sizes, ranges and chance. */
import { bool, float32, int64, type DType } from '../../engine/tensors/dtype.ts';
import { PythonError, runtimeError, typeError } from '../../engine/tensors/python-error.ts';
import { rand, randint, randn, randperm, type Generator } from '../../engine/tensors/random.ts';
import { Tensor, checkCount, filled, tensorOf } from '../../engine/tensors/tensor.ts';
import { Bound, bind, signature, toNumber } from './arguments.ts';
import { tensorFrom } from './make-tensor.ts';
import { ArrayValue, typeName, type Args, type Value } from './values.ts';

type Make = (args: Bound) => Tensor;

const options = '*, dtype: dtype?, requires_grad: bool?, device: any?';

/** A function of the module that makes a tensor, with the options that all of them have. */
function maker(line: string, make: Make): [string, (args: Args) => Value] {
  const read = signature(line.replace(/\)$/, line.includes('()') ? `${options})` : `, ${options})`));
  return [read.name, (args) => watched(make(new Bound(bind(read, args))), args)];
}

function watched(tensor: Tensor, { named }: Args): Tensor {
  if (named.get('requires_grad') !== true) return tensor;
  if (tensor.dtype.kind !== 'float')
    throw runtimeError('Only Tensors of floating point and complex dtype can require gradients');
  tensor.isWatched = true;
  return tensor;
}

function sizes(args: Bound, name: string): number[] {
  const shape = args.numbers('size') ?? [];
  if (shape.some((size) => size < 0))
    throw runtimeError(
      name === 'zeros' || name === 'ones'
        ? `${name}: Dimension size must be non-negative.`
        : `Trying to create tensor with negative dimension ${Math.min(...shape)}: [${shape.join(', ')}]`,
    );
  return shape;
}

const numberType = (value: Value | undefined): DType =>
  typeof value === 'boolean' ? bool : typeof value === 'bigint' ? int64 : float32;

/** The functions by name; random ones draw from the generator. */
export function creationFunctions(generator: Generator): Record<string, (args: Args) => Value> {
  const like = (line: string, make: (shape: readonly number[], dtype: DType, args: Bound) => Tensor) =>
    maker(line, (args) => make(args.tensor('input').shape, args.dtype() ?? args.tensor('input').dtype, args));
  return Object.fromEntries([
    ['tensor', makeTensor] as [string, (args: Args) => Value],
    ['as_tensor', makeTensor] as [string, (args: Args) => Value],
    ['from_numpy', fromNumpy] as [string, (args: Args) => Value],
    maker('zeros(size: ints*)', (args) => filled(sizes(args, 'zeros'), 0, args.dtype())),
    maker('ones(size: ints*)', (args) => filled(sizes(args, 'ones'), 1, args.dtype())),
    // Real PyTorch leaves whatever stood in memory; zeros are as good
    maker('empty(size: ints*)', (args) => filled(sizes(args, 'empty'), 0, args.dtype())),
    maker('full(size: ints, fill_value: Number)', (args) =>
      filled(
        args.numbers('size') ?? [],
        args.number('fill_value') ?? 0,
        args.dtype() ?? numberType(args.value('fill_value')),
      ),
    ),
    maker('eye(n: int, m: int?)', (args) => {
      const [rows, columns] = [args.number('n') ?? 0, args.number('m') ?? args.number('n') ?? 0];
      checkCount(rows * columns);
      return tensorOf(
        Float64Array.from({ length: rows * columns }, (_, at) =>
          Number(Math.floor(at / columns) === at % columns),
        ),
        [rows, columns],
        args.dtype(),
      );
    }),
    like('zeros_like(input: Tensor)', (shape, dtype) => filled(shape, 0, dtype)),
    like('ones_like(input: Tensor)', (shape, dtype) => filled(shape, 1, dtype)),
    like('empty_like(input: Tensor)', (shape, dtype) => filled(shape, 0, dtype)),
    like('full_like(input: Tensor, fill_value: Number)', (shape, dtype, args) =>
      filled(shape, args.number('fill_value') ?? 0, dtype),
    ),
    like('rand_like(input: Tensor)', (shape, dtype) => rand(shape, generator, dtype)),
    like('randn_like(input: Tensor)', (shape, dtype) => randn(shape, generator, dtype)),
    maker('rand(size: ints*)', (args) => rand(sizes(args, 'rand'), generator, args.dtype())),
    maker('randn(size: ints*)', (args) => randn(sizes(args, 'randn'), generator, args.dtype())),
    maker('randperm(n: int)', (args) => randperm(args.number('n') ?? 0, generator)),
    ['arange', (args: Args) => watched(range(args), args)] as [string, (args: Args) => Value],
    ['randint', (args: Args) => randomInts(args, generator)] as [string, (args: Args) => Value],
    maker('linspace(start: Number, end: Number, steps: int)', (args) => {
      const [from, to, steps] = [
        args.number('start') ?? 0,
        args.number('end') ?? 0,
        args.number('steps') ?? 1,
      ];
      checkCount(steps);
      const step = (to - from) / Math.max(1, steps - 1);
      // From both ends, as PyTorch does, so that the last value is exact
      return tensorOf(
        Float64Array.from({ length: steps }, (_, at) =>
          at < steps / 2 ? from + step * at : to - step * (steps - at - 1),
        ),
        [steps],
        args.dtype(),
      );
    }),
  ]);
}

const tensorSignature = signature('tensor(data: any, *, dtype: dtype?, requires_grad: bool?, device: any?)');

function makeTensor(args: Args): Value {
  const bound = new Bound(bind(tensorSignature, args));
  return watched(tensorFrom(bound.value('data') ?? null, bound.dtype()), args);
}

function fromNumpy({ list }: Args): Value {
  const [array = null] = list;
  if (!(array instanceof ArrayValue)) throw typeError(`expected np.ndarray (got ${typeName(array)})`);
  const { memory, dtype, shape, strides, offset } = array.tensor;
  return new Tensor(memory, dtype, shape, strides, offset);
}

const rangeSignature = signature('arange(end: Number, *, dtype: dtype?, requires_grad: bool?, device: any?)');

function range(args: Args): Tensor {
  if (args.list.length === 0 && !args.named.has('end'))
    throw typeError('arange() received an invalid combination of arguments - got ()');
  const names = args.list.length > 1 ? 'start: Number, end: Number, step: Number?' : undefined;
  const read =
    names || args.named.has('start')
      ? signature(`arange(${names ?? 'start: Number, end: Number, step: Number?'}, ${options})`)
      : rangeSignature;
  const bound = new Bound(bind(read, args));
  const [from, to, step] = [bound.number('start') ?? 0, bound.number('end') ?? 0, bound.number('step') ?? 1];
  const isWhole = ['start', 'end', 'step'].every((name) => typeof bound.value(name) !== 'number');
  if (step === 0) throw runtimeError('step must be nonzero');
  if ((to - from) * step < 0) throw runtimeError('upper bound and lower bound inconsistent with step sign');
  const count = Math.ceil((to - from) / step);
  checkCount(count);
  return tensorOf(
    Float64Array.from({ length: count }, (_, at) => from + at * step),
    [count],
    bound.dtype() ?? (isWhole ? int64 : float32),
  );
}

function randomInts({ list, named }: Args, generator: Generator): Value {
  const [a, b] = list;
  const hasTwo = typeof b === 'bigint';
  const shape = (hasTwo ? list[2] : b) ?? named.get('size');
  const [from, to] = hasTwo
    ? [toNumber(a), toNumber(b)]
    : [toNumber(named.get('low')) ?? 0, toNumber(named.get('high')) ?? toNumber(a)];
  if (from === undefined || to === undefined || shape === undefined)
    throw typeError('randint() received an invalid combination of arguments');
  const bound = new Bound(new Map(named).set('size', shape));
  if (!bound.numbers('size'))
    throw new PythonError('TypeError', "randint(): argument 'size' must be tuple of ints");
  return randint(from, to, bound.numbers('size') ?? [], generator, bound.dtype());
}
