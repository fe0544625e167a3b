import type { Node } from '../onnx/types.ts';
import type { GraphBuilder } from './graph-builder.ts';

/** Where maxima are looked up on the way back: by index, or, where a provider has no indices, by comparing. */
export type PoolMethod = 'indices' | 'compare';

/** What a gradient rule sees of its node. */
export interface GradientSite {
  readonly node: Node;
  readonly b: GraphBuilder;
  /** The gradient of the first output. Its sizes are those of the output. */
  readonly dY: string;
  /** Gradients of all outputs; undefined where nothing flows back. */
  readonly gradients: readonly (string | undefined)[];
  /** Values that the node's forward form kept for the way back (forward-forms.ts). */
  readonly saved: readonly string[];
}

/** Appends the nodes of one input's gradient and returns its name; undefined: no gradient flows there. */
export type InputGradient = (() => string | undefined) | undefined;

/**
 * Gives, for each input, how to build its gradient. The walk calls only those that lead to a trainable value, and sums what
 * broadcasting repeated: a rule may return the sizes of the output.
 */
export type GradientRule = (site: GradientSite) => readonly InputGradient[];

/** A line of the table of rules: operator ("domain.Operator" outside the default domain) and rule. */
export type GradientRow = readonly [opType: string, rule: GradientRule];

/** An operator as tables here name it: "domain.Operator" outside the default domain. */
export function operatorOf({ domain, opType }: Node): string {
  return domain === '' ? opType : `${domain}.${opType}`;
}
