/** Python's values as the bench keeps them: whole numbers are bigint, floats are number, the rest has classes of its own. */
import type { DType } from '../../engine/tensors/dtype.ts';
import { PythonError } from '../../engine/tensors/python-error.ts';
import { Tensor } from '../../engine/tensors/tensor.ts';

export type Value =
  | null
  | boolean
  | bigint
  | number
  | string
  | Tensor
  | List
  | Tuple
  | Dict
  | SetValue
  | Range
  | Slice
  | Callable
  | Module
  | TypeValue
  | DTypeValue
  | Device
  | ArrayValue
  | Scalar
  | LayerValue
  | ErrorValue
  | Context
  | NodeValue
  | Ellipsis;

/** `...` */
export class Ellipsis {
  readonly text = 'Ellipsis';
}

export const ellipsis = new Ellipsis();

/** A list. */
export class List {
  items: Value[];
  constructor(items: Value[]) {
    this.items = items;
  }
}

/** A tuple. `type` is another name for tuples of PyTorch's, and `names` those of its fields. */
export class Tuple {
  readonly items: readonly Value[];
  readonly type: string;
  readonly names: readonly string[];
  constructor(items: readonly Value[], type = 'tuple', names: readonly string[] = []) {
    this.items = items;
    this.type = type;
    this.names = names;
  }
}

/** A dict: entries by the text of their key. */
export class Dict {
  readonly entries = new Map<string, [Value, Value]>();
}

/** A set: items by their text. */
export class SetValue {
  readonly items = new Map<string, Value>();
}

/** A range of whole numbers. */
export class Range {
  readonly from: number;
  readonly to: number;
  readonly step: number;
  constructor(from: number, to: number, step: number) {
    [this.from, this.to, this.step] = [from, to, step];
  }
  get length(): number {
    return Math.max(0, Math.ceil((this.to - this.from) / this.step));
  }
}

/** What stands between brackets as a:b:c. */
export class Slice {
  readonly from: Value;
  readonly to: Value;
  readonly step: Value;
  constructor(from: Value, to: Value, step: Value) {
    [this.from, this.to, this.step] = [from, to, step];
  }
}

/** Arguments of a call. */
export interface Args {
  list: Value[];
  named: Map<string, Value>;
}

/** Anything that can be called. `kind` is what Python calls its type. */
export class Callable {
  readonly name: string;
  readonly call: (args: Args) => Value;
  readonly kind: 'function' | 'builtin_function_or_method' | 'method';
  constructor(
    name: string,
    call: (args: Args) => Value,
    kind: Callable['kind'] = 'builtin_function_or_method',
  ) {
    this.name = name;
    this.call = call;
    this.kind = kind;
  }
}

/** A module: names and what they stand for. */
export class Module {
  readonly name: string;
  readonly members: Map<string, Value>;
  constructor(name: string, members: Record<string, Value> | Map<string, Value>) {
    this.name = name;
    this.members = members instanceof Map ? members : new Map(Object.entries(members));
  }
}

/** A type: what `isinstance` and `type()` know. */
export class TypeValue {
  /** As `type(x)` prints it: torch.Tensor. */
  readonly name: string;
  readonly owns: (value: Value) => boolean;
  readonly make: ((args: Args) => Value) | undefined;
  readonly members: Map<string, Value>;
  constructor(
    name: string,
    owns: (value: Value) => boolean,
    make?: (args: Args) => Value,
    members: Record<string, Value> = {},
  ) {
    [this.name, this.owns, this.make] = [name, owns, make];
    this.members = new Map(Object.entries(members));
  }
}

/** `torch.float32` and the like. */
export class DTypeValue {
  readonly dtype: DType;
  readonly isNumpy: boolean;
  constructor(dtype: DType, isNumpy = false) {
    [this.dtype, this.isNumpy] = [dtype, isNumpy];
  }
}

/** `tensor.device`: there is one. */
export class Device {
  readonly type = 'cpu';
}

/** A NumPy array. It shares its memory with the tensor that it came from. */
export class ArrayValue {
  readonly tensor: Tensor;
  constructor(tensor: Tensor) {
    this.tensor = tensor;
  }
}

/** One number out of a NumPy array, which remembers its type: np.float32(1.5). */
export class Scalar {
  readonly value: number;
  readonly dtype: DType;
  constructor(value: number, dtype: DType) {
    [this.value, this.dtype] = [value, dtype];
  }
}

/** A layer of `torch.nn`. */
export interface LayerValue {
  readonly isLayer: true;
  readonly type: string;
  isTraining: boolean;
  /** Weights by name. */
  readonly weights: Map<string, Tensor>;
  readonly children: Map<string, LayerValue>;
  /** Other things that stand at it: in_features. */
  readonly facts: Map<string, Value>;
  forward: (args: Args) => Value;
  /** What stands between the brackets when it is printed. */
  describe: () => string;
}

/** Whether the value is a layer. */
export function isLayer(value: Value): value is LayerValue {
  return typeof value === 'object' && value !== null && 'isLayer' in value;
}

/** An error as a value: what `except … as error` names. */
export class ErrorValue {
  readonly error: PythonError;
  constructor(error: PythonError) {
    this.error = error;
  }
}

/** What `with` enters. */
export class Context {
  readonly enter: () => Value;
  readonly exit: () => void;
  constructor(enter: () => Value, exit: () => void) {
    [this.enter, this.exit] = [enter, exit];
  }
}

/** `tensor.grad_fn`. */
export class NodeValue {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/** The name of a value's type, as messages print it. */
export function typeName(value: Value): string {
  if (value === null) return 'NoneType';
  if (value === ellipsis) return 'ellipsis';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'bigint') return 'int';
  if (typeof value === 'number') return 'float';
  if (typeof value === 'string') return 'str';
  if (value instanceof Tensor) return value.isParameter ? 'Parameter' : 'Tensor';
  if (value instanceof Tuple) return value.type;
  if (value instanceof Scalar) return value.dtype.name;
  if (value instanceof Callable) return value.kind;
  if (value instanceof ErrorValue) return value.error.type;
  if (value instanceof NodeValue) return value.name;
  if (isLayer(value)) return value.type;
  const names: [new (...args: never[]) => object, string][] = [
    [List, 'list'],
    [Dict, 'dict'],
    [SetValue, 'set'],
    [Range, 'range'],
    [Slice, 'slice'],
    [Module, 'module'],
    [TypeValue, 'type'],
    [DTypeValue, 'torch.dtype'],
    [Device, 'torch.device'],
    [ArrayValue, 'numpy.ndarray'],
    [Context, 'context'],
  ];
  return names.find(([kind]) => value instanceof kind)?.[1] ?? 'object';
}

/** `range`, lists, texts and whatever else can be walked through, as an array. Raises a TypeError for the rest. */
export function iterate(value: Value, unbind: (tensor: Tensor) => Value[]): Value[] {
  if (value instanceof List || value instanceof Tuple) return [...value.items];
  if (typeof value === 'string') return Array.from(value);
  if (value instanceof Range)
    return Array.from({ length: value.length }, (_, index) => BigInt(value.from + index * value.step));
  if (value instanceof Dict) return [...value.entries.values()].map(([key]) => key);
  if (value instanceof SetValue) return [...value.items.values()];
  if (value instanceof Tensor) return unbind(value);
  if (value instanceof ArrayValue)
    return unbind(value.tensor).map((item) => (item instanceof Tensor ? new ArrayValue(item) : item));
  if (isLayer(value) && value.type === 'Sequential') return [...value.children.values()];
  throw new PythonError('TypeError', `'${typeName(value)}' object is not iterable`);
}

/** The text by which dicts and sets know a key: 1 and 1.0 and True are one. Raises a TypeError for what cannot be a key. */
export function keyOf(value: Value): string {
  if (typeof value === 'string') return `s${value}`;
  if (typeof value === 'bigint' || typeof value === 'number' || typeof value === 'boolean')
    return `n${Number(value)}`;
  if (value instanceof Tuple) return `t(${value.items.map(keyOf).join(',')})`;
  if (
    value instanceof List ||
    value instanceof Dict ||
    value instanceof SetValue ||
    value instanceof ArrayValue
  )
    throw new PythonError('TypeError', `unhashable type: '${typeName(value)}'`);
  if (value === null) return 'None';
  if (value === ellipsis) return '...';
  return `o${identityOf(value)}`;
}

const identities = new WeakMap<object, number>();
let lastIdentity = 0;

/** A number of its own for every object. */
export function identityOf(value: object): number {
  const known = identities.get(value) ?? ++lastIdentity;
  identities.set(value, known);
  return known;
}

/** A whole number from a value that is one. */
export function isNumber(value: Value): value is bigint | number | boolean {
  return typeof value === 'bigint' || typeof value === 'number' || typeof value === 'boolean';
}
