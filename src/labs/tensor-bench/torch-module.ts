/** The `torch` module: making tensors, seeds, modes of recording, print options, types, layers, one optimizer. */
import { backward, mode } from '../../engine/tensors/autograd.ts';
import { type Term } from '../../engine/tensors/arithmetic.ts';
import { where } from '../../engine/tensors/choosing.ts';
import { bool, dtypes, float32, float64, int64 } from '../../engine/tensors/dtype.ts';
import { concatenate, stack } from '../../engine/tensors/joining.ts';
import { PythonError, runtimeError, typeError } from '../../engine/tensors/python-error.ts';
import { Generator } from '../../engine/tensors/random.ts';
import { Tensor, filled, tensorOf } from '../../engine/tensors/tensor.ts';
import { broadcastShapes } from '../../engine/tensors/shapes.ts';
import { expand } from '../../engine/tensors/views.ts';
import { watch } from './assign.ts';
import { sizeOf } from './attributes.ts';
import { creationFunctions } from './creation.ts';
import { functional } from './functional.ts';
import type { Interpreter } from './interpreter.ts';
import { makeLayers, parameter } from './layers.ts';
import { tensorFrom } from './make-tensor.ts';
import { shapeFrom } from './array-methods.ts';
import { nonzeroColumns } from '../../engine/tensors/indexing.ts';
import { torchFunctions } from './operations.ts';
import { makeOptimizers } from './optimizers.ts';
import { truthOf } from './comparison.ts';
import { isTensor, isModule } from './types.ts';
import {
  ArrayValue,
  Callable,
  Context,
  Device,
  DTypeValue,
  List,
  Module,
  Tuple,
  TypeValue,
  isNumber,
  typeName,
  type Args,
  type Value,
} from './values.ts';

/** The tensors of a list or tuple, with PyTorch's errors for anything else. */
function tensorsOf({ list, named }: Args, name: string): { parts: Tensor[]; axis: number } {
  const value = list[0] ?? named.get('tensors') ?? null;
  if (!(value instanceof List) && !(value instanceof Tuple))
    throw typeError(
      `${name}(): argument 'tensors' (position 1) must be tuple of Tensors, not ${typeName(value)}`,
    );
  const parts = value.items.map((item, index) => {
    if (item instanceof Tensor) return item;
    throw typeError(`expected Tensor as element ${index} in argument 0, but got ${typeName(item)}`);
  });
  return { parts, axis: Number(named.get('dim') ?? list[1] ?? 0n) };
}

function legacyType(name: string, dtype: DTypeValue['dtype']): TypeValue {
  const make = ({ list }: Args): Value => {
    const [first] = list;
    if (
      first instanceof List ||
      first instanceof Tuple ||
      first instanceof ArrayValue ||
      (first instanceof Tensor && first.rank > 0)
    )
      return tensorFrom(first, dtype);
    if (first === undefined) return filled([0], 0, dtype);
    if (!list.every((size) => typeof size === 'bigint'))
      throw typeError(`new(): data must be a sequence (got ${typeName(first)})`);
    return filled(shapeFrom(list), 0, dtype);
  };
  const owns = (value: Value) => value instanceof Tensor && (name === 'Tensor' || value.dtype === dtype);
  return new TypeValue(`torch.${name}`, owns, make);
}

/** A context that sets how operations are recorded, and puts it back. */
function recording(isRecording: boolean, isInference = false): Context {
  const before: (typeof mode)[] = [];
  return new Context(
    () => {
      before.push({ ...mode });
      mode.isRecording = isRecording;
      if (isInference) mode.isInference = true;
      return null;
    },
    () => {
      Object.assign(mode, before.pop());
    },
  );
}

/** Everything that can be imported. `run` gives the interpreter that the functions work for. */
export function makeModules(run: () => Interpreter): Map<string, Value> {
  const generator = new Generator(0);
  const fn = (name: string, work: (args: Args) => Value): [string, Callable] => [
    name,
    new Callable(name, work),
  ];
  const nn = new Module(
    'torch.nn',
    makeLayers(generator, (callee, args) => run().call(callee, args)),
  );
  const functions = new Module(
    'torch.nn.functional',
    new Map(Object.entries(functional).map(([name, work]) => fn(name, work))),
  );
  nn.members.set('functional', functions);
  nn.members.set('Module', new TypeValue('torch.nn.Module', isModule));
  const makeParameter = ({ list, named }: Args): Value => {
    const [data] = list;
    if (!(data instanceof Tensor)) throw typeError('Parameter wants a tensor');
    const own = parameter(new Tensor(data.memory, data.dtype, data.shape, data.strides, data.offset));
    return watch(own, truthOf(named.get('requires_grad') ?? list[1] ?? true));
  };
  nn.members.set(
    'Parameter',
    new TypeValue(
      'torch.nn.Parameter',
      (value) => value instanceof Tensor && value.isParameter,
      makeParameter,
    ),
  );
  const autograd = new Module('torch.autograd', new Map([fn('grad', (args) => gradientsOf(args))]));
  const optim = new Module('torch.optim', makeOptimizers());
  const torch = new Module(
    'torch',
    new Map<string, Value>([
      ...Object.entries(torchFunctions()),
      ...Object.entries(creationFunctions(generator)).map(([name, work]) => fn(name, work)),
      ...Object.entries(dtypes).map(([name, dtype]): [string, Value] => [name, new DTypeValue(dtype)]),
      fn('cat', (args) => {
        const { parts, axis } = tensorsOf(args, 'cat');
        return concatenate(parts, axis);
      }),
      fn('concat', (args) => {
        const { parts, axis } = tensorsOf(args, 'concat');
        return concatenate(parts, axis);
      }),
      fn('stack', (args) => {
        const { parts, axis } = tensorsOf(args, 'stack');
        return stack(parts, axis);
      }),
      fn('where', ({ list }) => {
        const [mask, a = null, b = null] = list;
        if (!(mask instanceof Tensor))
          throw typeError(
            `where(): argument 'condition' (position 1) must be Tensor, not ${typeName(mask ?? null)}`,
          );
        if (list.length === 1) return new Tuple(nonzeroColumns(mask));
        const isTerm = (value: Value): value is Term => value instanceof Tensor || isNumber(value);
        if (!isTerm(a) || !isTerm(b)) throw typeError('where() received an invalid combination of arguments');
        return where(mask, a, b);
      }),
      fn('cosine_similarity', functional['cosine_similarity']),
      fn('broadcast_tensors', ({ list }) => {
        const tensors = list.filter((item) => item instanceof Tensor);
        const shape = tensors.map((one) => one.shape).reduce<number[]>((a, b) => broadcastShapes(a, b), []);
        return new Tuple(tensors.map((one) => expand(one, shape)));
      }),
      fn('manual_seed', ({ list }) => {
        generator.seed(Number(list[0] ?? 0n));
        return null;
      }),
      fn('is_tensor', ({ list }) => isTensor(list[0] ?? null)),
      fn('is_grad_enabled', () => mode.isRecording),
      fn('set_grad_enabled', ({ list }) => {
        const context = recording(truthOf(list[0] ?? true));
        context.enter();
        return context;
      }),
      fn('no_grad', () => recording(false)),
      fn('enable_grad', () => recording(true)),
      fn('inference_mode', () => recording(false, true)),
      fn('set_printoptions', ({ named }) => setPrint(run(), named)),
      fn('get_default_dtype', () => new DTypeValue(float32)),
      fn('device', () => new Device()),
      fn('Size', ({ list }) => sizeOf(shapeFrom(list))),
      ['Tensor', legacyType('Tensor', float32)],
      ...legacyTypes(),
      ['dtype', new TypeValue('torch.dtype', (value) => value instanceof DTypeValue)],
      ['nn', nn],
      ['optim', optim],
      ['autograd', autograd],
      ['pi', Math.PI],
      ['inf', Infinity],
      ['nan', NaN],
      // The version whose words the bench speaks
      ['__version__', '2.13.0'],
    ]),
  );
  const math = new Module('math', { pi: Math.PI, e: Math.E, inf: Infinity, nan: NaN, ...mathFunctions() });
  const modules: [string, Value][] = [
    ['torch', torch],
    ['torch.nn', nn],
    ['torch.nn.functional', functions],
    ['torch.optim', optim],
    ['torch.autograd', autograd],
    ['math', math],
  ];
  return new Map(modules);
}

function legacyTypes(): [string, TypeValue][] {
  const names: Record<string, DTypeValue['dtype']> = {
    FloatTensor: float32,
    DoubleTensor: float64,
    LongTensor: int64,
    BoolTensor: bool,
    IntTensor: dtypes['int32'],
    ShortTensor: dtypes['int16'],
    HalfTensor: dtypes['float16'],
    ByteTensor: dtypes['uint8'],
  };
  return Object.entries(names).map(([name, dtype]) => [name, legacyType(name, dtype)]);
}

function mathFunctions(): Record<string, Callable> {
  const names = ['sqrt', 'exp', 'log', 'sin', 'cos', 'tanh', 'log2', 'log10'] as const;
  const whole = ['floor', 'ceil', 'trunc'] as const;
  return Object.fromEntries([
    ...names.map((name) => [name, new Callable(name, ({ list }) => mathOf(name, Number(list[0])))] as const),
    ...whole.map(
      (name) => [name, new Callable(name, ({ list }) => BigInt(Math[name](Number(list[0]))))] as const,
    ),
    [
      'prod',
      new Callable('prod', ({ list }) =>
        shapeFrom(list).reduce((product, item) => product * BigInt(item), 1n),
      ),
    ] as const,
  ]);
}

function mathOf(
  name: 'sqrt' | 'exp' | 'log' | 'sin' | 'cos' | 'tanh' | 'log2' | 'log10',
  value: number,
): number {
  if ((name === 'sqrt' && value < 0) || (name.startsWith('log') && value <= 0))
    throw new PythonError('ValueError', 'math domain error');
  return Math[name](value);
}

function setPrint(run: Interpreter, named: Map<string, Value>): Value {
  const number = (name: string, usual: number) => Number(named.get(name) ?? usual);
  const { print } = run;
  if (named.get('profile') === 'default')
    Object.assign(print, { precision: 4, threshold: 1000, edgeitems: 3, linewidth: 80 });
  print.precision = number('precision', print.precision);
  print.threshold = number('threshold', print.threshold);
  print.edgeitems = number('edgeitems', print.edgeitems);
  print.linewidth = number('linewidth', print.linewidth);
  const sci = named.get('sci_mode');
  print.sciMode = typeof sci === 'boolean' ? sci : undefined;
  return null;
}

/** `torch.autograd.grad(output, inputs)`. */
function gradientsOf({ list, named }: Args): Value {
  const [output, inputs = null] = list;
  if (!(output instanceof Tensor)) throw typeError('grad() wants a tensor');
  const wanted =
    inputs instanceof Tensor
      ? [inputs]
      : inputs instanceof List || inputs instanceof Tuple
        ? inputs.items
        : [];
  const found = new Map<Tensor, Tensor>();
  backward(output, {
    retain: truthOf(named.get('retain_graph') ?? false),
    collect: (leaf, grad) => found.set(leaf, grad),
  });
  return new Tuple(
    wanted.map((one) => {
      const grad = one instanceof Tensor ? found.get(one) : undefined;
      if (!grad)
        throw runtimeError(
          'One of the differentiated Tensors appears to not have been used in the graph. Set allow_unused=True if this is the desired behavior.',
        );
      return tensorOf(grad.memory.data.slice(grad.offset, grad.offset + grad.count), grad.shape, grad.dtype);
    }),
  );
}
