/** What stands behind a layer's dot: weights, settings, methods. */
import { type Tensor } from '../../engine/tensors/tensor.ts';
import { watch } from './assign.ts';
import { truthOf } from './comparison.ts';
import { Callable, Dict, List, Tuple, keyOf, type Args, type LayerValue, type Value } from './values.ts';

/** Weights of a layer and of those inside it, by their dotted names. */
export function parametersOf(own: LayerValue, prefix = ''): [string, Tensor][] {
  return [
    ...[...own.weights].map(([name, tensor]): [string, Tensor] => [prefix + name, tensor]),
    ...[...own.children].flatMap(([name, child]) => parametersOf(child, `${prefix}${name}.`)),
  ];
}

function setTraining(own: LayerValue, isTraining: boolean): LayerValue {
  own.isTraining = isTraining;
  for (const child of own.children.values()) setTraining(child, isTraining);
  return own;
}

const layerMethods: Readonly<Record<string, (own: LayerValue, args: Args) => Value>> = {
  parameters: (own) => new List(parametersOf(own).map(([, tensor]) => tensor)),
  named_parameters: (own) => new List(parametersOf(own).map(([name, tensor]) => new Tuple([name, tensor]))),
  state_dict: (own) => {
    const dict = new Dict();
    for (const [name, tensor] of parametersOf(own)) dict.entries.set(keyOf(name), [name, tensor]);
    return dict;
  },
  children: (own) => new List([...own.children.values()]),
  eval: (own) => setTraining(own, false),
  train: (own, { list }) => setTraining(own, truthOf(list[0] ?? true)),
  forward: (own, args) => own.forward(args),
  zero_grad: (own) => {
    for (const [, tensor] of parametersOf(own)) tensor.grad = undefined;
    return null;
  },
  requires_grad_: (own, { list }) => {
    for (const [, tensor] of parametersOf(own)) watch(tensor, truthOf(list[0] ?? true));
    return own;
  },
};

/** An attribute or method of a layer, or undefined. */
export function layerAttribute(own: LayerValue, name: string): Value | undefined {
  if (name === 'training') return own.isTraining;
  if (name === 'bias' && own.type === 'Linear') return own.weights.get('bias') ?? null;
  return (
    own.weights.get(name) ??
    own.children.get(name) ??
    own.facts.get(name) ??
    (Object.hasOwn(layerMethods, name)
      ? new Callable(name, (args) => layerMethods[name](own, args))
      : undefined)
  );
}

/** What a layer knows. */
export function layerNames(own: LayerValue): string[] {
  return [...own.weights.keys(), ...own.facts.keys(), 'training', ...Object.keys(layerMethods)];
}
