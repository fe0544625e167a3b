/** What changes a value where it stands: `+=` on tensors and lists, and the methods whose name ends in an underscore. */
import { mode, record } from '../../engine/tensors/autograd.ts';
import { typeOf } from '../../engine/tensors/arithmetic.ts';
import { promote, type DType } from '../../engine/tensors/dtype.ts';
import { PythonError, runtimeError } from '../../engine/tensors/python-error.ts';
import { sayShape } from '../../engine/tensors/shapes.ts';
import { Tensor, valuesOf, writeValues } from '../../engine/tensors/tensor.ts';
import { binary } from './operators.ts';
import { ArrayValue, Dict, List, SetValue, Tuple, isNumber, type Value } from './values.ts';

/** The result of `value operator= change` where that changes the value itself; undefined where it makes a new one. */
export function updateInPlace(operator: string, value: Value, change: Value): Value | undefined {
  if (value instanceof List && operator === '+' && (change instanceof List || change instanceof Tuple)) {
    value.items.push(...change.items);
    return value;
  }
  if (value instanceof SetValue || value instanceof Dict) return undefined;
  if (value instanceof Tensor && operator !== '@') {
    checkChange(value);
    const result = binary(operator, value, change);
    if (result instanceof Tensor) return overwrite(value, result, wantedType(operator, value, change));
  }
  if (value instanceof ArrayValue && operator !== '@') {
    const result = binary(operator, value, change);
    if (result instanceof ArrayValue) {
      writeValues(value.tensor, valuesOf(result.tensor));
      return value;
    }
  }
  return undefined;
}

function wantedType(operator: string, value: Tensor, change: Value): DType {
  if (!(change instanceof Tensor) && !isNumber(change)) return value.dtype;
  const dtype = typeOf(value, change);
  return operator === '/' && dtype.kind !== 'float' ? typeOf(value, 1.5) : dtype;
}

/** Raises PyTorch's error for a change of a leaf that asks for its gradient. */
export function checkChange(tensor: Tensor): void {
  if (!mode.isRecording) return;
  if (tensor.isWatched)
    throw runtimeError('a leaf Variable that requires grad is being used in an in-place operation.');
  if (tensor.base?.isWatched)
    throw runtimeError(
      'a view of a leaf Variable that requires grad is being used in an in-place operation.',
    );
  if (tensor.base?.gradFn)
    throw new PythonError(
      'NotInBench',
      'Changing a view of a result in place is PyTorch, but not part of this teaching subset. Assign to it by index: x[0] = …',
    );
}

/** Writes a result into the tensor that it came from, and takes its place in the record. */
export function overwrite(tensor: Tensor, result: Tensor, dtype: DType = result.dtype): Tensor {
  if (sayShape(result.shape) !== sayShape(tensor.shape))
    throw runtimeError(
      `output with shape ${sayShape(tensor.shape)} doesn't match the broadcast shape ${sayShape(result.shape)}`,
    );
  const ranks = { bool: 0, int: 1, float: 2 };
  if (ranks[promote(tensor.dtype, dtype).kind] > ranks[tensor.dtype.kind])
    throw runtimeError(
      `result type ${dtype.scalarName} can't be cast to the desired output type ${tensor.dtype.scalarName}`,
    );
  writeValues(tensor, valuesOf(result));
  if (result.gradFn) {
    tensor.gradFn = result.gradFn;
    tensor.output = result.output;
  }
  return tensor;
}

/** Fills a tensor where it stands. */
export function fillInPlace(tensor: Tensor, value: number, name: string): Tensor {
  checkChange(tensor);
  writeValues(tensor, new Float64Array(tensor.count).fill(value));
  if (tensor.gradFn) record(tensor, name, [tensor], (grad) => [grad]);
  return tensor;
}
