/** What stands between square brackets, for reading and for writing. */
import { asTensor } from '../../engine/tensors/arithmetic.ts';
import { bool, int64 } from '../../engine/tensors/dtype.ts';
import { putAt, takeAt, type Index } from '../../engine/tensors/indexing.ts';
import { PythonError, indexError, typeError, valueError } from '../../engine/tensors/python-error.ts';
import { Tensor, tensorOf } from '../../engine/tensors/tensor.ts';
import { tensorFrom } from './make-tensor.ts';
import type { Interpreter } from './interpreter.ts';
import { repr } from './text.ts';
import {
  ArrayValue,
  Dict,
  List,
  Range,
  Scalar,
  Slice,
  Tuple,
  ellipsis,
  isLayer,
  isNumber,
  keyOf,
  typeName,
  type Value,
} from './values.ts';

/** `whole[index]`. */
export function getIndex(_run: Interpreter, whole: Value, index: Value): Value {
  if (whole instanceof Tensor) return takeAt(whole, indexParts(index, true));
  if (whole instanceof ArrayValue) return fromArray(whole, index);
  if (whole instanceof Dict) {
    const entry = whole.entries.get(keyOf(index));
    if (!entry) throw new PythonError('KeyError', repr(index));
    return entry[1];
  }
  if (isLayer(whole) && whole.type === 'Sequential') {
    const child = [...whole.children.values()].at(Number(index));
    if (!child) throw indexError(`index ${repr(index)} is out of range`);
    return child;
  }
  if (whole instanceof Range)
    return fromSequence(
      'range object',
      Array.from({ length: whole.length }, (_, at) => BigInt(whole.from + at * whole.step)),
      index,
      (items) => new List(items),
    );
  if (whole instanceof List) return fromSequence('list', whole.items, index, (items) => new List(items));
  if (whole instanceof Tuple)
    return fromSequence(
      'tuple',
      whole.items,
      index,
      (items) => new Tuple(items, whole.type === 'torch.Size' ? whole.type : 'tuple'),
    );
  if (typeof whole === 'string')
    return fromSequence('string', Array.from(whole), index, (items) =>
      items.filter((item) => typeof item === 'string').join(''),
    );
  throw typeError(`'${typeName(whole)}' object is not subscriptable`);
}

function fromSequence(
  name: string,
  items: readonly Value[],
  index: Value,
  make: (items: Value[]) => Value,
): Value {
  if (index instanceof Slice) return make(places(index, items.length).map((at) => items[at]));
  if (
    typeof index !== 'bigint' &&
    typeof index !== 'boolean' &&
    !(index instanceof Tensor && index.count === 1)
  )
    throw typeError(
      `${name === 'list' || name === 'tuple' || name === 'string' ? name : 'range'} indices must be integers or slices, not ${typeName(index)}`,
    );
  const at = index instanceof Tensor ? index.memory.data[index.offset] : Number(index);
  const found = items.at(at);
  if (found === undefined || at >= items.length || at < -items.length)
    throw indexError(`${name} index out of range`);
  return found;
}

/** The places that a slice names in a sequence of this length. */
function places({ from, to, step }: Slice, length: number): number[] {
  const by = step === null ? 1 : Number(step);
  if (by === 0) throw valueError('slice step cannot be zero');
  const clip = (value: Value, usual: number) => {
    if (value === null) return usual;
    const at = Number(value) < 0 ? Number(value) + length : Number(value);
    return by > 0 ? Math.max(0, Math.min(length, at)) : Math.max(-1, Math.min(length - 1, at));
  };
  const [start, end] = by > 0 ? [clip(from, 0), clip(to, length)] : [clip(from, length - 1), clip(to, -1)];
  const found: number[] = [];
  for (let at = start; by > 0 ? at < end : at > end; at += by) found.push(at);
  return found;
}

/** An index of Python's as the parts that tensors know. */
function indexParts(index: Value, isTensor: boolean): Index[] {
  // A list of slices or tuples means several indices, as PyTorch reads it
  return (index instanceof Tuple ? index.items : [index]).map((part) => indexPart(part, isTensor));
}

function indexPart(part: Value, isTensor: boolean): Index {
  if (typeof part === 'bigint') return { kind: 'number', at: Number(part) };
  if (part === null) return { kind: 'new' };
  if (part === ellipsis) return { kind: 'rest' };
  if (part instanceof Slice) {
    const end = (value: Value) =>
      value === null ? undefined : value instanceof Tensor ? value.memory.data[value.offset] : Number(value);
    return { kind: 'slice', from: end(part.from), to: end(part.to), step: end(part.step) };
  }
  if (typeof part === 'boolean') return { kind: 'tensor', tensor: tensorOf([Number(part)], [], bool) };
  if (part instanceof Tensor)
    return part.rank === 0 && part.dtype.kind === 'int'
      ? { kind: 'number', at: part.memory.data[part.offset] }
      : { kind: 'tensor', tensor: part };
  if (part instanceof ArrayValue) return { kind: 'tensor', tensor: part.tensor };
  if (part instanceof List || part instanceof Range) {
    const tensor = tensorFrom(
      part instanceof Range
        ? new List(Array.from({ length: part.length }, (_, at) => BigInt(part.from + at * part.step)))
        : part,
    );
    return { kind: 'tensor', tensor: tensor.count === 0 ? tensorOf([], [0], int64) : tensor };
  }
  if (typeof part === 'string' && isTensor) throw typeError("new(): invalid data type 'str'");
  throw indexError(
    isTensor
      ? `only integers, slices (\`:\`), ellipsis (\`...\`), None and long or byte Variables are valid indices (got ${typeName(part)})`
      : 'only integers, slices (`:`), ellipsis (`...`), numpy.newaxis (`None`) and integer or boolean arrays are valid indices',
  );
}

function fromArray({ tensor }: ArrayValue, index: Value): Value {
  const result = inArray(() => takeAt(tensor, indexParts(index, false)));
  const isOne =
    result.rank === 0 &&
    (index instanceof Tuple ? index.items : [index]).every((part) => typeof part === 'bigint');
  return isOne ? new Scalar(result.memory.data[result.offset], result.dtype) : new ArrayValue(result);
}

/** The same rules in NumPy's words. */
function inArray<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof PythonError)) throw error;
    const many = /^too many indices for tensor of dimension (\d+)/.exec(error.message);
    if (many)
      throw indexError(`too many indices for array: array is ${many[1]}-dimensional, but more were indexed`);
    throw new PythonError(error.type, error.message.replace('for dimension', 'for axis'), error.note);
  }
}

/** `whole[index] = value`. */
export function putIndex(_run: Interpreter, whole: Value, index: Value, value: Value): void {
  if (whole instanceof Tensor || whole instanceof ArrayValue) {
    const target = whole instanceof Tensor ? whole : whole.tensor;
    const given =
      value instanceof Tensor
        ? value
        : value instanceof ArrayValue
          ? value.tensor
          : isNumber(value)
            ? asTensor(value)
            : whole instanceof ArrayValue || value instanceof List
              ? tensorFrom(value)
              : undefined;
    if (!given)
      throw typeError(`can't assign a ${typeName(value)} to a torch.${target.dtype.scalarName}Tensor`);
    if (whole instanceof Tensor) putAt(target, indexParts(index, true), given);
    else inArray(() => putAt(target, indexParts(index, false), given));
  } else if (whole instanceof Dict) whole.entries.set(keyOf(index), [index, value]);
  else if (whole instanceof List && index instanceof Slice) {
    const at = places(index, whole.items.length);
    whole.items.splice(
      at[0] ?? whole.items.length,
      at.length,
      ...(value instanceof List || value instanceof Tuple ? value.items : [value]),
    );
  } else if (whole instanceof List) {
    const at = Number(index);
    if (typeof index !== 'bigint')
      throw typeError(`list indices must be integers or slices, not ${typeName(index)}`);
    if (at >= whole.items.length || at < -whole.items.length)
      throw indexError('list assignment index out of range');
    whole.items[at < 0 ? at + whole.items.length : at] = value;
  } else throw typeError(`'${typeName(whole)}' object does not support item assignment`);
}
