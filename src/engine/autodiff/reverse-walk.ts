/** Reverse-mode differentiation (Griewank and Walther 2008, ch. 3): one walk over the nodes from the last to the first. */
import { describeNode } from '../onnx/graph-index.ts';
import { OnnxError } from '../onnx/onnx-error.ts';
import { fail } from '../onnx/shape/rule.ts';
import type { Node } from '../onnx/types.ts';
import { add, sumTo } from './arithmetic.ts';
import { operatorOf } from './gradient-rule.ts';
import type { GraphBuilder } from './graph-builder.ts';
import { gradientRules } from './rules/table.ts';

/** A forward node, and what it kept for the way back. */
export interface ForwardStep {
  readonly node: Node;
  readonly saved: readonly string[];
}

/**
 * The values that a gradient can pass on its way to the targets: the targets, and every float value computed from one.
 * @param isFloat whether a value's elements are floats, so that a gradient can pass it.
 */
export function differentiableValues(
  nodes: readonly Node[],
  targets: readonly string[],
  isFloat: (value: string) => boolean,
): ReadonlySet<string> {
  const reached = new Set(targets);
  for (const { inputs, outputs } of nodes) {
    if (!inputs.some((input) => reached.has(input))) continue;
    for (const output of outputs) if (output !== '' && isFloat(output)) reached.add(output);
  }
  return reached;
}

/**
 * Appends the backward pass and returns the gradient of each target; a target that nothing depends on has none.
 * Only nodes on a path to a target get gradient nodes. Contributions to a value that several nodes read are summed.
 * @param seeds the gradients to start from, by value name.
 * @throws OnnxError that names the node when an operator on such a path has no rule.
 */
export function differentiate(
  b: GraphBuilder,
  steps: readonly ForwardStep[],
  seeds: ReadonlyMap<string, string>,
  targets: readonly string[],
): ReadonlyMap<string, string> {
  const reached = differentiableValues(
    steps.map(({ node }) => node),
    targets,
    (value) => isFloat(b, value),
  );
  const gradients = new Map(seeds);
  for (const { node, saved } of steps.toReversed()) {
    const flowing = node.outputs.map((output) => gradients.get(output));
    const isWanted = node.inputs.map((input) => reached.has(input));
    if (flowing.every((one) => one === undefined) || !isWanted.includes(true)) continue;
    b.within('backward', node.name || node.outputs[0], () => {
      const rule = ruleFor(node);
      if (node.opType !== 'Split' && flowing.slice(1).some((one) => one !== undefined))
        fail(node, 'has a second output that the loss depends on; gradients are known for the first');
      const dY = flowing[0] ?? '';
      const perInput = rule({ node, b, dY, gradients: flowing, saved });
      node.inputs.forEach((input, at) => {
        const gradient = isWanted[at] ? perInput[at]?.() : undefined;
        if (gradient === undefined) return;
        const fitting = sumTo(b, gradient, b.dims(input));
        const known = gradients.get(input);
        gradients.set(input, known === undefined ? fitting : add(b, known, fitting));
      });
    });
  }
  return new Map(
    targets.flatMap((target) => {
      const gradient = gradients.get(target);
      return gradient === undefined ? [] : [[target, gradient] as const];
    }),
  );
}

function ruleFor(node: Node) {
  const rule = gradientRules.get(operatorOf(node));
  if (rule !== undefined) return rule;
  throw new OnnxError(`${describeNode(node)} is an operator that no gradient can be sent through yet.`, {
    advice: 'Freeze everything up to this node, or export the model with other operators.',
  });
}

function isFloat(b: GraphBuilder, value: string): boolean {
  return b.dtypeOf(value)?.includes('float') ?? true;
}
