/** Setting attributes, and deleting entries. */
import { runtimeError, PythonError, typeError } from '../../engine/tensors/python-error.ts';
import { Tensor, valuesOf, writeValues } from '../../engine/tensors/tensor.ts';
import { Dict, List, isLayer, keyOf, typeName, type Value } from './values.ts';
import { repr } from './text.ts';

/** `owner.name = value`. */
export function setAttribute(owner: Value, name: string, value: Value): void {
  if (owner instanceof Tensor) setOnTensor(owner, name, value);
  else if (isLayer(owner)) {
    if (value instanceof Tensor) owner.weights.set(name, value);
    else owner.facts.set(name, value);
  } else throw new PythonError('AttributeError', `'${typeName(owner)}' object has no attribute '${name}'`);
}

function setOnTensor(tensor: Tensor, name: string, value: Value): void {
  if (name === 'requires_grad') watch(tensor, value === true);
  else if (name === 'grad' && (value === null || value instanceof Tensor)) tensor.grad = value ?? undefined;
  else if (name === 'data' && value instanceof Tensor) {
    writeValues(tensor, valuesOf(value));
    // PyTorch's data lies outside the record
    tensor.memory.version--;
  } else if (name === 'shape' || name === 'dtype')
    throw new PythonError(
      'AttributeError',
      `attribute '${name}' of 'torch._C.TensorBase' objects is not writable`,
    );
  else
    throw new PythonError(
      'NotInBench',
      `Setting \`${name}\` on a tensor is not part of this teaching subset.`,
    );
}

/** Sets whether a leaf asks for its gradient. Raises a RuntimeError for results and for whole numbers. */
export function watch(tensor: Tensor, isWatched: boolean): Tensor {
  if (tensor.gradFn && !isWatched)
    throw runtimeError(
      "you can only change requires_grad flags of leaf variables. If you want to use a computed variable in a subgraph that doesn't require differentiation use var_no_grad = var.detach().",
    );
  if (isWatched && tensor.dtype.kind !== 'float')
    throw runtimeError('only Tensors of floating point and complex dtype can require gradients');
  if (!tensor.gradFn) tensor.isWatched = isWatched;
  return tensor;
}

/** `del whole[index]`. */
export function deleteFrom(whole: Value, index: Value): void {
  if (whole instanceof Dict) {
    if (!whole.entries.delete(keyOf(index))) throw new PythonError('KeyError', repr(index));
  } else if (whole instanceof List) {
    const at = Number(index);
    if (at >= whole.items.length || at < -whole.items.length)
      throw new PythonError('IndexError', 'list assignment index out of range');
    whole.items.splice(at, 1);
  } else throw typeError(`'${typeName(whole)}' object does not support item deletion`);
}
