/**
 * Arguments by signature. A signature is a line such as `sum(dim: ints?, keepdim: bool = False)`; a wrong call raises what
 * PyTorch's own argument parser raises.
 */
import { PythonError, typeError } from '../../engine/tensors/python-error.ts';
import { Tensor } from '../../engine/tensors/tensor.ts';
import { ArrayValue, DTypeValue, List, Tuple, isNumber, typeName, type Args, type Value } from './values.ts';

/** What a parameter takes. `ints*` takes several numbers or one tuple of them; `Term` a tensor or a number. */
type Kind =
  'int' | 'Number' | 'bool' | 'Tensor' | 'Term' | 'ints' | 'ints*' | 'Tensors' | 'dtype' | 'str' | 'any';

interface Parameter {
  name: string;
  kind: Kind;
  isOptional: boolean;
  isNamedOnly: boolean;
}

/** A signature: its parameters, and whether PyTorch has several forms of it, of which its errors speak together. */
export interface Signature {
  name: string;
  params: Parameter[];
  hasForms: boolean;
}

/** Reads a signature. A `!` behind the name says that there are several forms; a lone `*` begins the arguments that need their name. */
export function signature(line: string): Signature {
  const [, name = '', forms, list = ''] = /^(\w+)(!?)\((.*)\)$/.exec(line) ?? [];
  let isNamedOnly = false;
  const params: Parameter[] = [];
  for (const part of list.split(',').map((one) => one.trim())) {
    if (part === '*') isNamedOnly = true;
    else if (part) {
      const [own = '', kind = 'any'] = part.split(':').map((one) => one.trim());
      params.push({
        name: own,
        kind: kind.replace('?', '') as Kind,
        isOptional: kind.endsWith('?'),
        isNamedOnly,
      });
    }
  }
  return { name, params, hasForms: forms === '!' };
}

/** The arguments by name; those not given are absent. `shift` counts what stands before the first: 1 where `input` does. */
export function bind({ name, params, hasForms }: Signature, args: Args, shift = 0): Map<string, Value> {
  const bound = new Map<string, Value>();
  const rest = [...args.list];
  const combination = () =>
    typeError(`${name}() received an invalid combination of arguments - got (${sayTypes(args)})`);
  for (const [index, param] of params.entries()) {
    const isGiven = !param.isNamedOnly && rest.length > 0;
    const named = args.named.get(param.name);
    if (param.kind === 'ints*' && isGiven) {
      const value = isSequence(rest[0]) ? rest.shift() : new Tuple(rest.splice(0));
      bound.set(param.name, checkInts(name, param.name, index + 1 + shift, value ?? null));
    } else if (isGiven) bound.set(param.name, check(rest.shift() ?? null, param, index + 1 + shift));
    else if (named !== undefined) bound.set(param.name, check(named, param, index + 1 + shift));
  }
  for (const key of args.named.keys())
    if (!params.some((param) => param.name === key || alias(param.name) === key)) {
      if (hasForms) throw combination();
      throw typeError(`${name}() got an unexpected keyword argument '${key}'`);
    }
  if (rest.length > 0) {
    if (hasForms) throw combination();
    const most = params.filter(({ isNamedOnly }) => !isNamedOnly).length + shift;
    throw typeError(
      `${name}() takes ${most} positional argument${most === 1 ? '' : 's'} but ${args.list.length + shift} were given`,
    );
  }
  const missing = params.find((param) => !param.isOptional && !bound.has(param.name));
  if (missing) {
    if (hasForms) throw combination();
    throw typeError(`${name}() missing 1 required positional arguments: "${missing.name}"`);
  }
  return bound;

  function check(value: Value, param: Parameter, position: number): Value {
    if (value === null && param.isOptional) return null;
    if (param.kind === 'ints*') return checkInts(name, param.name, position, value);
    if (fits(value, param.kind)) return value;
    if (hasForms) throw combination();
    const at = args.named.has(param.name) ? '' : ` (position ${position})`;
    throw typeError(
      `${name}(): argument '${param.name}'${at} must be ${wanted[param.kind]}, not ${typeName(value)}`,
    );
  }
}

const wanted: Record<Kind, string> = {
  int: 'int',
  Number: 'Number',
  bool: 'bool',
  Tensor: 'Tensor',
  Term: 'Tensor',
  ints: 'tuple of ints',
  'ints*': 'tuple of ints',
  Tensors: 'tuple of Tensors',
  dtype: 'torch.dtype',
  str: 'str',
  any: 'object',
};

const aliases: Readonly<Record<string, string>> = { dim: 'axis', keepdim: 'keepdims' };
const alias = (name: string) => aliases[name];

const isInt = (value: Value) =>
  typeof value === 'bigint' ||
  typeof value === 'boolean' ||
  (value instanceof Tensor && value.count === 1 && value.dtype.kind !== 'float');
const isSequence = (value: Value | undefined): value is Tuple | List =>
  value instanceof Tuple || value instanceof List;

function fits(value: Value, kind: Kind): boolean {
  switch (kind) {
    case 'int':
      return isInt(value);
    case 'Number':
      return isNumber(value) || (value instanceof Tensor && value.rank === 0);
    case 'bool':
      return typeof value === 'boolean';
    case 'Tensor':
      return value instanceof Tensor;
    case 'Term':
      return value instanceof Tensor || isNumber(value);
    case 'ints':
      return isInt(value) || (isSequence(value) && value.items.every(isInt));
    case 'Tensors':
      return isSequence(value);
    case 'dtype':
      return value instanceof DTypeValue || value instanceof ArrayValue;
    case 'str':
      return typeof value === 'string';
    default:
      return true;
  }
}

function checkInts(name: string, param: string, position: number, value: Value): Value {
  if (typeof value === 'bigint') return value;
  const items = isSequence(value) ? value.items : [value];
  const wrong = items.findIndex((item) => !isInt(item));
  if (wrong < 0) return value;
  if (wrong === 0)
    throw typeError(
      `${name}(): argument '${param}' (position ${position}) must be tuple of ints, not ${typeName(items[0])}`,
    );
  throw typeError(
    `${name}(): argument '${param}' failed to unpack the object at pos ${wrong + 1} with error "type must be tuple of ints,but got ${typeName(items[wrong])}"`,
  );
}

/** The types of a call's arguments, as PyTorch lists them. */
function sayTypes({ list, named }: Args): string {
  const texts = list.map(sayType);
  const names = [...named].map(([key, value]) => `${key}=${sayType(value)}, `).join('');
  return texts.join(', ') + (texts.length && names ? ', ' : '') + names;
}

function sayType(value: Value): string {
  if (!isSequence(value)) return typeName(value);
  const inner = value.items.length > 0 ? [...new Set(value.items.map(typeName))].join(', ') : '';
  return value instanceof List
    ? inner
      ? `list of [${inner}]`
      : 'list'
    : inner
      ? `tuple of (${inner})`
      : 'tuple';
}

/** The named arguments of a bound call, in the shapes that operations take. */
export class Bound {
  readonly #values: Map<string, Value>;

  constructor(values: Map<string, Value>) {
    this.#values = values;
  }

  /** The value itself, undefined where none was given. */
  value(name: string): Value | undefined {
    return this.#values.get(name);
  }

  tensor(name: string): Tensor {
    const value = this.#values.get(name);
    if (value instanceof Tensor) return value;
    throw new PythonError('TypeError', `argument '${name}' must be Tensor, not ${typeName(value ?? null)}`);
  }

  /** A tensor or a number. */
  term(name: string): Tensor | number | bigint | boolean {
    const value = this.#values.get(name) ?? null;
    if (value instanceof Tensor || isNumber(value)) return value;
    throw new PythonError('TypeError', `argument '${name}' must be Tensor, not ${typeName(value)}`);
  }

  number(name: string): number | undefined {
    return toNumber(this.#values.get(name));
  }

  flag(name: string, usual = false): boolean {
    const value = this.#values.get(name);
    return typeof value === 'boolean' ? value : usual;
  }

  /** Whole numbers: one, or those of a tuple or list; undefined where none were given. */
  numbers(name: string): number[] | undefined {
    const value = this.#values.get(name);
    if (value === undefined || value === null) return undefined;
    return (isSequence(value) ? value.items : [value]).map((item) => toNumber(item) ?? 0);
  }

  tensors(name: string): readonly Value[] {
    const value = this.#values.get(name);
    return isSequence(value) ? value.items : [];
  }

  dtype(name = 'dtype'): DTypeValue['dtype'] | undefined {
    const value = this.#values.get(name);
    return value instanceof DTypeValue ? value.dtype : undefined;
  }
}

/** A value as a number of ours; undefined for what is none. */
export function toNumber(value: Value | undefined): number | undefined {
  if (value instanceof Tensor) return value.memory.data[value.offset];
  return value === undefined || !isNumber(value) ? undefined : Number(value);
}
