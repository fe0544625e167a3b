import { withGraph } from '../build.ts';
import { describeNode } from '../graph-index.ts';
import { namesInside, renameInGraph, renameInNode } from '../node-reads.ts';
import { OnnxError } from '../onnx-error.ts';
import type { Model, Node } from '../types.ts';
import { hasValue } from './prune.ts';

/**
 * The model with other nodes in place of one. They run where it ran.
 * @throws OnnxError when the node is not in the model's graph, or the others do not compute what was read from it.
 */
export function replaceNode(model: Model, node: Node, others: readonly Node[]): Model {
  const { graph } = model;
  const at = graph.nodes.indexOf(node);
  if (at < 0) throw new OnnxError(`${describeNode(node)} is no node of the model's graph.`);
  const computed = new Set(others.flatMap(({ outputs }) => outputs));
  const lost = node.outputs.find((name) => name !== '' && !computed.has(name));
  if (lost !== undefined)
    throw new OnnxError(`Nothing would compute "${lost}" any more in place of ${describeNode(node)}.`);
  return withGraph(model, { nodes: graph.nodes.toSpliced(at, 1, ...others) });
}

/**
 * The model in which everything that read one value reads another. Outputs of the graph keep their names and values.
 * @throws OnnxError when there is no such value.
 */
export function replaceValue(model: Model, from: string, by: string): Model {
  const { graph } = model;
  for (const name of [from, by])
    if (!hasValue(graph, name)) throw new OnnxError(`The model has no value "${name}".`);
  const rename = (name: string) => (name === from ? by : name);
  const nodes = graph.nodes.map((node) => {
    // what computes the new value may read the old one
    if (node.outputs.includes(by)) return node;
    return { ...renameInNode(node, rename), outputs: node.outputs };
  });
  return withGraph(model, { nodes });
}

/**
 * The model with another name for a value, wherever it stands.
 * @throws OnnxError when there is no such value or the new name is taken.
 */
export function renameValue(model: Model, from: string, to: string): Model {
  const { graph } = model;
  if (!hasValue(graph, from)) throw new OnnxError(`The model has no value "${from}".`);
  // subgraphs may not use a name of the graph around them either
  if (to === '' || namesInside(graph).has(to)) throw new OnnxError(`The name "${to}" is taken or empty.`);
  return { ...model, graph: renameInGraph(graph, (name) => (name === from ? to : name)) };
}
