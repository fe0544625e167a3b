/** Into the graph and out of it: backward, detach, numpy, item. */
import { backward } from '../../engine/tensors/autograd.ts';
import { runtimeError, PythonError } from '../../engine/tensors/python-error.ts';
import { Tensor, valuesOf } from '../../engine/tensors/tensor.ts';
import { detach, unbind } from '../../engine/tensors/views.ts';
import { watch } from './assign.ts';
import type { Operations } from './operations.ts';
import { itemOf } from './text.ts';
import { ArrayValue, List, identityOf, type Value } from './values.ts';

/** Nested lists of a tensor's numbers. */
export function listOf(tensor: Tensor): Value {
  return tensor.rank === 0 ? itemOf(tensor) : new List(unbind(detach(tensor)).map(listOf));
}

export const detachOperations: Operations = {
  'detach()': (tensor) => detach(tensor),
  'detach_()': (tensor) => {
    tensor.cutFrom = tensor.gradFn;
    tensor.gradFn = undefined;
    return tensor;
  },
  'requires_grad_(requires_grad: bool?)': (tensor, args) => watch(tensor, args.flag('requires_grad', true)),
  'retain_grad()': (tensor) => {
    tensor.gradFn?.keeps.push(tensor);
    tensor.keepsGrad = true;
    return null;
  },
  'backward(gradient: any?, retain_graph: any?, create_graph: bool?)': (tensor, args) => {
    const gradient = args.value('gradient');
    if (args.flag('create_graph'))
      throw new PythonError(
        'NotInBench',
        'Gradients of gradients are PyTorch, but not part of this teaching subset.',
      );
    backward(tensor, {
      ...(gradient instanceof Tensor ? { gradient } : {}),
      retain: args.flag('retain_graph'),
    });
    return null;
  },
  'numpy(*, force: bool?)': (tensor, args) => {
    if (tensor.requiresGrad && !args.flag('force'))
      throw runtimeError(
        "Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead.",
      );
    if (tensor.dtype.name === 'bfloat16')
      throw new PythonError('TypeError', 'Got unsupported ScalarType BFloat16');
    return new ArrayValue(detach(tensor));
  },
  'item()': (tensor) => {
    if (tensor.count !== 1)
      throw runtimeError(`a Tensor with ${tensor.count} elements cannot be converted to Scalar`);
    return itemOf(tensor);
  },
  'tolist()': (tensor) => listOf(tensor),
  'data_ptr()': (tensor) =>
    BigInt(identityOf(tensor.memory)) * 4096n + BigInt(tensor.offset * tensor.dtype.bytes),
  'is_inference()': (tensor) => tensor.isInference,
  'is_floating_point()': (tensor) => tensor.dtype.kind === 'float',
};

/** Every value of a tensor, for those who count them. */
export const allValues = valuesOf;
