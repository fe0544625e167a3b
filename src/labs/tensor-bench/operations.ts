/** The operations of tensors by name: `x.name(…)` and `torch.name(x, …)` are the same one. */
import { typeError } from '../../engine/tensors/python-error.ts';
import { Tensor } from '../../engine/tensors/tensor.ts';
import { Bound, bind, signature, type Signature } from './arguments.ts';
import { detachOperations } from './operations-graph.ts';
import { mathOperations } from './operations-math.ts';
import { reducingOperations } from './operations-reduce.ts';
import { shapeOperations } from './operations-shape.ts';
import { Callable, typeName, type Args, type Value } from './values.ts';

/** An operation: its signature without the tensor, and what it does. */
export type Operation = (tensor: Tensor, args: Bound) => Value;

/** Operations by their signature. */
export type Operations = Readonly<Record<string, Operation>>;

interface Known {
  signature: Signature;
  work: Operation;
}

const known = new Map<string, Known>();
/** Those that only a tensor has, or that have no place in the `torch` module. */
const methodsOnly =
  /_$|^(numpy|item|tolist|backward|detach|cpu|to|type|float|double|half|int|long|short|bool|bfloat16|size|dim|view|view_as|expand|expand_as|repeat|contiguous|stride|data_ptr|retain_grad|numel|new_\w+|T|element_size|is_contiguous|is_inference|uniform_|masked_fill|nelement|fill_)$/;

for (const table of [shapeOperations, mathOperations, reducingOperations, detachOperations])
  for (const [line, work] of Object.entries(table)) {
    const read = signature(line);
    known.set(read.name, { signature: read, work });
  }

/** The method of a tensor, or undefined. */
export function tensorMethod(tensor: Tensor, name: string): Callable | undefined {
  const operation = known.get(name);
  if (!operation) return undefined;
  return new Callable(name, (args) => operation.work(tensor, new Bound(bind(operation.signature, args))));
}

/** Names of all methods of tensors. */
export function tensorMethodNames(): string[] {
  return [...known.keys()];
}

/** The operations as functions of the `torch` module: the tensor is the first argument, or `input=`. */
export function torchFunctions(): Record<string, Callable> {
  const names = [...known.keys()].filter((name) => !methodsOnly.test(name));
  return Object.fromEntries(
    [...names, 'numel', 'detach'].map((name) => [
      name,
      new Callable(name, (args) => callFunction(name, args)),
    ]),
  );
}

function callFunction(name: string, { list, named }: Args): Value {
  const operation = known.get(name);
  const rest = new Map(named);
  const given = list.length > 0 ? list[0] : rest.get('input');
  rest.delete('input');
  if (!operation || given === undefined)
    throw typeError(`${name}() missing 1 required positional arguments: "input"`);
  if (!(given instanceof Tensor))
    throw typeError(`${name}(): argument 'input' (position 1) must be Tensor, not ${typeName(given)}`);
  return operation.work(given, new Bound(bind(operation.signature, { list: list.slice(1), named: rest }, 1)));
}
