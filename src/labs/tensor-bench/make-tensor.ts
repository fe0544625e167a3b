/** Tensors from Python's numbers, lists and arrays. */
import { bool, float32, float64, int64, type DType } from '../../engine/tensors/dtype.ts';
import { runtimeError, typeError, valueError } from '../../engine/tensors/python-error.ts';
import { Tensor, tensorOf, valuesOf } from '../../engine/tensors/tensor.ts';
import { itemOf } from './text.ts';
import { ArrayValue, List, Range, Scalar, Tuple, isNumber, typeName, type Value } from './values.ts';

/** A tensor of data: a number, lists of numbers as deep as you like, an array, another tensor. Its type is that of the data unless given. */
export function tensorFrom(data: Value, dtype?: DType): Tensor {
  if (data instanceof Tensor) return tensorOf(valuesOf(data), data.shape, dtype ?? data.dtype);
  if (data instanceof ArrayValue)
    return tensorOf(valuesOf(data.tensor), data.tensor.shape, dtype ?? data.tensor.dtype);
  if (typeof data === 'string') throw typeError("new(): invalid data type 'str'");
  const values: Value[] = [];
  const shape = shapeOf(data);
  flatten(data, shape, 0, values);
  const kinds = values.map(kindOf);
  const own =
    kinds.length === 0
      ? float32
      : kinds.includes(float32)
        ? float32
        : kinds.includes(float64)
          ? float64
          : kinds.includes(int64)
            ? int64
            : bool;
  return tensorOf(values.map(numberOf), shape, dtype ?? own);
}

const isList = (value: Value): value is List | Tuple => value instanceof List || value instanceof Tuple;

function shapeOf(data: Value): number[] {
  if (data instanceof Range) return [data.length];
  if (data instanceof Tensor) return [...data.shape];
  if (data instanceof ArrayValue) return [...data.tensor.shape];
  if (!isList(data)) return [];
  const [first] = data.items;
  return [data.items.length, ...(first === undefined ? [] : shapeOf(first))];
}

function flatten(data: Value, shape: readonly number[], axis: number, values: Value[]): void {
  if (data instanceof Tensor || data instanceof ArrayValue) {
    const tensor = data instanceof Tensor ? data : data.tensor;
    if (data instanceof Tensor && tensor.count !== 1)
      throw valueError('only one element tensors can be converted to Python scalars');
    for (const value of valuesOf(tensor))
      values.push(
        tensor.count === 1 ? itemOf(tensor) : tensor.dtype.kind === 'float' ? value : BigInt(value),
      );
    return;
  }
  if (data instanceof Range) {
    for (let at = 0; at < data.length; at++) values.push(BigInt(data.from + at * data.step));
    return;
  }
  if (!isList(data)) {
    if (axis < shape.length) throw typeError(sayNotSequence(data));
    values.push(data);
    return;
  }
  if (axis >= shape.length) throw valueError(`too many dimensions '${typeName(data)}'`);
  if (data.items.length !== shape[axis])
    throw valueError(`expected sequence of length ${shape[axis]} at dim ${axis} (got ${data.items.length})`);
  for (const item of data.items) flatten(item, shape, axis + 1, values);
}

function sayNotSequence(data: Value): string {
  return isNumber(data) ? 'not a sequence' : `new(): invalid data type '${typeName(data)}'`;
}

function kindOf(value: Value): DType {
  if (typeof value === 'number') return float32;
  if (typeof value === 'bigint') return int64;
  if (typeof value === 'boolean') return bool;
  if (value instanceof Scalar) return value.dtype;
  if (typeof value === 'string') throw typeError("new(): invalid data type 'str'");
  throw runtimeError(`Could not infer dtype of ${typeName(value)}`);
}

function numberOf(value: Value): number {
  return value instanceof Scalar ? value.value : Number(value);
}
