/** What stands behind a dot. */
import { PythonError } from '../../engine/tensors/python-error.ts';
import { Tensor } from '../../engine/tensors/tensor.ts';
import { detach, permute, transpose, turn } from '../../engine/tensors/views.ts';
import { arrayAttribute, arrayNames } from './array-methods.ts';
import type { Interpreter } from './interpreter.ts';
import { layerAttribute, layerNames } from './layer-access.ts';
import { collectionMethods } from './methods.ts';
import { missingFrom, nearest } from './near.ts';
import { tensorMethod, tensorMethodNames } from './operations.ts';
import {
  ArrayValue,
  Callable,
  Device,
  DTypeValue,
  ErrorValue,
  Module,
  NodeValue,
  Scalar,
  Tuple,
  TypeValue,
  isLayer,
  typeName,
  type Value,
} from './values.ts';
import { itemOf } from './text.ts';

/** A shape as Python has it: torch.Size([2, 3]). */
export function sizeOf(shape: readonly number[]): Tuple {
  return new Tuple(shape.map(BigInt), 'torch.Size');
}

const facts: Readonly<Record<string, (tensor: Tensor) => Value>> = {
  shape: (tensor) => sizeOf(tensor.shape),
  dtype: (tensor) => new DTypeValue(tensor.dtype),
  device: () => new Device(),
  ndim: (tensor) => BigInt(tensor.rank),
  nbytes: (tensor) => BigInt(tensor.count * tensor.dtype.bytes),
  itemsize: (tensor) => BigInt(tensor.dtype.bytes),
  requires_grad: (tensor) => tensor.requiresGrad,
  is_leaf: (tensor) => tensor.gradFn === undefined,
  grad: (tensor) => tensor.grad ?? null,
  grad_fn: (tensor) => (tensor.gradFn ? new NodeValue(tensor.gradFn.name) : null),
  T: (tensor) =>
    permute(
      tensor,
      tensor.shape.map((_, axis) => tensor.rank - 1 - axis),
    ),
  mT: (tensor) => transpose(tensor, -2, -1),
  data: (tensor) => detach(tensor),
};

/** `owner.name`. Raises an AttributeError that says what is there. */
export function getAttribute(run: Interpreter, owner: Value, name: string): Value {
  const found = find(run, owner, name);
  if (found !== undefined) return found;
  if (owner instanceof Module)
    throw new PythonError(
      'AttributeError',
      `module '${owner.name}' has no attribute '${name}'`,
      missingFrom(owner.name, name, [...owner.members.keys()]),
    );
  const known = namesOf(owner);
  const near = nearest(name, known);
  const isOurs = owner instanceof Tensor || owner instanceof ArrayValue || isLayer(owner);
  const type =
    owner instanceof TypeValue
      ? `type object '${owner.name.split('.').at(-1) ?? ''}'`
      : `'${typeName(owner)}' object`;
  const note = isOurs
    ? missingFrom(`a ${typeName(owner)}`, name, known)
    : near
      ? `Did you mean \`${near}\`?`
      : undefined;
  throw new PythonError('AttributeError', `${type} has no attribute '${name}'`, note);
}

function find(run: Interpreter, owner: Value, name: string): Value | undefined {
  if (owner instanceof Tensor)
    return Object.hasOwn(facts, name) ? facts[name](owner) : tensorMethod(owner, name);
  if (owner instanceof ArrayValue) return arrayAttribute(owner, name);
  if (owner instanceof Module || owner instanceof TypeValue)
    return owner instanceof TypeValue && name === '__name__'
      ? (owner.name.split('.').at(-1) ?? '')
      : owner.members.get(name);
  if (isLayer(owner)) return layerAttribute(owner, name);
  if (owner instanceof Scalar)
    return name === 'item'
      ? new Callable('item', () => itemOf(scalarTensor(owner)))
      : name === 'dtype'
        ? new DTypeValue(owner.dtype, true)
        : undefined;
  if (owner instanceof NodeValue && name === 'name') return new Callable('name', () => owner.name);
  if (owner instanceof ErrorValue && name === 'args') return new Tuple([owner.error.message]);
  if (owner instanceof DTypeValue && name === 'is_floating_point') return owner.dtype.kind === 'float';
  if (owner instanceof DTypeValue && name === 'itemsize') return BigInt(owner.dtype.bytes);
  if (owner instanceof Callable && name === '__name__') return owner.name;
  if (owner instanceof Tuple && owner.names.includes(name)) return owner.items[owner.names.indexOf(name)];
  if (owner instanceof Tuple && owner.type === 'torch.Size' && name === 'numel')
    return new Callable('numel', () =>
      owner.items.reduce<bigint>((product, size) => product * BigInt(Number(size)), 1n),
    );
  const methods = collectionMethods(owner, run);
  return methods && Object.hasOwn(methods, name) ? new Callable(name, methods[name]) : undefined;
}

function scalarTensor({ value, dtype }: Scalar): Tensor {
  return new Tensor({ data: new Float64Array([value]), version: 0 }, dtype, []);
}

function namesOf(owner: Value): string[] {
  if (owner instanceof Tensor) return [...Object.keys(facts), ...tensorMethodNames()];
  if (owner instanceof ArrayValue) return arrayNames();
  if (isLayer(owner)) return layerNames(owner);
  if (owner instanceof TypeValue) return [...owner.members.keys()];
  return Object.keys(collectionMethods(owner) ?? {});
}

/** `t()`, here because both tensors and `torch.t` need it. */
export const turned = turn;
