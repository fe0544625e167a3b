import { withGraph } from '../build.ts';
import { namesReadBy } from '../node-reads.ts';
import { OnnxError } from '../onnx-error.ts';
import type { Model, ValueInfo } from '../types.ts';
import { hasValue, prune } from './prune.ts';

/** Where a cut begins and ends. */
export interface Cut {
  /** Values that become inputs of the part; what computes them is left out. Default: the model's own inputs. */
  readonly from?: readonly ValueInfo[];
  /** Values that become the outputs of the part. Runtimes need their element types. */
  readonly to: readonly ValueInfo[];
}

/**
 * The part of a model between some values and others, without everything it does not need.
 * @throws OnnxError when there is no such value, or nothing to compute at the end of the cut.
 */
export function cutModel(model: Model, { from = [], to }: Cut): Model {
  const { graph } = model;
  for (const { name } of [...from, ...to]) {
    if (!hasValue(graph, name)) throw new OnnxError(`The model has no value "${name}" to cut at.`);
  }
  const starts = new Set(from.map(({ name }) => name));
  const both = to.find(({ name }) => starts.has(name));
  if (both !== undefined)
    throw new OnnxError(`The value "${both.name}" cannot be the beginning and the end of a cut at once.`);
  // a node whose outputs are all given from outside no longer runs
  const nodes = graph.nodes
    .map((node) => ({ ...node, outputs: node.outputs.map((name) => (starts.has(name) ? '' : name)) }))
    .map((node, index) =>
      node.outputs.every((name, at) => name === graph.nodes[index].outputs[at]) ? graph.nodes[index] : node,
    );
  const initializers = new Map([...graph.initializers].filter(([name]) => !starts.has(name)));
  const inputs = [...graph.inputs.filter(({ name }) => !starts.has(name)), ...from];
  const part = prune(withGraph(model, { nodes, initializers, inputs, outputs: to }));
  const isRead = new Set(part.graph.nodes.flatMap((node) => [...namesReadBy(node)]));
  // an input of the whole that only the part before the cut read
  const own = new Set(to.map(({ name }) => name));
  return withGraph(part, {
    inputs: part.graph.inputs.filter(({ name }) => isRead.has(name) || own.has(name) || starts.has(name)),
  });
}

/**
 * The model with more outputs; values that are outputs already are left alone.
 * @throws OnnxError when there is no such value.
 */
export function withMoreOutputs(model: Model, values: readonly ValueInfo[]): Model {
  const known = new Set(model.graph.outputs.map(({ name }) => name));
  const more = values.filter(({ name }) => !known.has(name));
  for (const { name } of more)
    if (!hasValue(model.graph, name)) throw new OnnxError(`The model has no value "${name}" to give out.`);
  return withGraph(model, { outputs: [...model.graph.outputs, ...more] });
}
