/**
 * What moved an answer, by gradient × input (Shrikumar et al. 2016; Denil et al. 2014): for every row of a value in the middle of the
 * network, the slope of the answer along that row, times the row. Summed over all rows it is the first-order estimate of what the
 * answer would lose if the value were zero.
 */
import { withGraph } from '../onnx/build.ts';
import { prune } from '../onnx/edits/prune.ts';
import { OnnxError } from '../onnx/onnx-error.ts';
import type { Model } from '../onnx/types.ts';
import { pushForward } from './forward-forms.ts';
import { GraphBuilder } from './graph-builder.ts';
import { prepareForward } from './prepare-forward.ts';
import { differentiableValues, differentiate } from './reverse-walk.ts';

export interface InfluenceOptions {
  /** The value whose rows are weighed, float [N, T, width]. */
  readonly value: string;
  /** The answer is the output [N, classes] times these: [−1, 1] is the second class against the first. */
  readonly direction: readonly number[];
  /** Sizes of named dimensions of the inputs: { N: 1, T: 40 }. */
  readonly sizes: Readonly<Record<string, number>>;
}

/** Output: float [N, T], gradient × input. */
export const influenceName = 'influence';

/**
 * The graph that answers and says what moved the answer; its outputs are the model's first one and `influence`.
 * @throws OnnxError when the output does not depend on the value, or an operator between them has no gradient rule.
 */
export function buildInfluence(source: Model, { value, direction, sizes }: InfluenceOptions): Model {
  const output = source.graph.outputs[0]?.name ?? '';
  const { model } = prepareForward(source, { trainable: new Set(), sizes, output });
  const { nodes } = model.graph;
  const b = new GraphBuilder(model);
  const reached = differentiableValues(nodes, [value], () => true);
  const steps = nodes.map((node) =>
    b.within('forward', node.name || node.outputs[0], () =>
      pushForward(b, node, {
        hasGradient: node.inputs.some((input) => reached.has(input)),
        poolMethod: 'indices',
      }),
    ),
  );
  const [rows] = b.dims(output);
  const seed = b.floats(Array(rows).fill(direction).flat() as number[], [rows, direction.length], output);
  const gradient = differentiate(b, steps, new Map([[output, seed]]), [value]).get(value);
  if (gradient === undefined)
    throw new OnnxError(
      `The answer "${output}" does not depend on "${value}", so nothing can have moved it.`,
    );
  const axis = b.ints([b.rank(value) - 1]);
  const products = b.op('Mul', [gradient, value]);
  const influence = b.op('ReduceSum', [products, axis], { keepdims: 0 });
  b.alias(influence, influenceName);
  const outputs = [output, influenceName].map((name) => ({
    name,
    dtype: b.dtype(name),
    dims: b.dims(name),
  }));
  const graph = { nodes: b.nodes, initializers: b.initializers, inputs: b.inputs, outputs, valueInfos: [] };
  return prune(withGraph(model, graph));
}
