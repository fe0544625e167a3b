/**
 * Memory for activations, node by node in the order of the graph. A value is alive from the node that makes it (a graph input
 * from the start) to the last node that reads it (a graph output to the end). Nodes that only give a tensor another shape hand on
 * its buffer; no other buffers are shared, so a runtime that computes in place needs less. Weights are not in it.
 */
import type { Graph, Node } from './types.ts';

export interface MemoryPlan {
  /** Bytes alive while each node runs, its inputs and outputs included, in the order of the nodes. */
  readonly liveBytes: readonly number[];
  readonly peakBytes: number;
  /** The first node at which the peak is reached; undefined for a graph without nodes. */
  readonly peakNode: Node | undefined;
}

/** Operators whose output is their first input under another shape. */
const handsOn = new Set(['Reshape', 'Flatten', 'Squeeze', 'Unsqueeze', 'Identity', 'Dropout', 'Optional']);

/**
 * Plans the memory of a graph.
 * @param bytesOf bytes of a value; 0 for constants and for what is unknown.
 */
export function planMemory(
  graph: Pick<Graph, 'nodes' | 'inputs' | 'outputs'>,
  bytesOf: (value: string) => number,
): MemoryPlan {
  const buffers = buffersOf(graph.nodes);
  const bufferOf = (value: string): string => buffers.get(value) ?? value;
  const lastUse = lastUses(graph, bufferOf);
  const ending = new Map<number, string[]>();
  for (const [buffer, at] of lastUse) {
    const others = ending.get(at);
    if (others === undefined) ending.set(at, [buffer]);
    else others.push(buffer);
  }
  const alive = new Set(graph.inputs.map(({ name }) => name));
  let live = graph.inputs.reduce((sum, { name }) => sum + bytesOf(name), 0);
  const liveBytes = graph.nodes.map((node, at) => {
    for (const output of node.outputs) {
      if (output === '' || bufferOf(output) !== output || alive.has(output)) continue;
      alive.add(output);
      live += bytesOf(output);
    }
    const now = live;
    for (const buffer of ending.get(at) ?? []) {
      if (alive.delete(buffer)) live -= bytesOf(buffer);
    }
    return now;
  });
  const peakBytes = liveBytes.reduce((most, bytes) => Math.max(most, bytes), 0);
  return { liveBytes, peakBytes, peakNode: graph.nodes[liveBytes.indexOf(peakBytes)] };
}

/** The value whose buffer each reshaped value is. */
function buffersOf(nodes: readonly Node[]): ReadonlyMap<string, string> {
  const buffers = new Map<string, string>();
  for (const node of nodes) {
    const [source] = node.inputs;
    if (handsOn.has(node.opType) && source && node.outputs[0])
      buffers.set(node.outputs[0], buffers.get(source) ?? source);
  }
  return buffers;
}

/** Position of the last node that needs each buffer; behind the end for graph outputs, the making node for unread values. */
function lastUses(
  { nodes, outputs }: Pick<Graph, 'nodes' | 'outputs'>,
  bufferOf: (value: string) => string,
): ReadonlyMap<string, number> {
  const last = new Map<string, number>();
  for (const [at, node] of nodes.entries()) {
    for (const value of [...node.inputs, ...node.outputs, ...outerValues(node)])
      last.set(bufferOf(value), at);
  }
  for (const { name } of outputs) last.set(bufferOf(name), nodes.length);
  return last;
}

/** Names that the subgraphs of a node read; those that are their own do no harm. */
function outerValues(node: Node): string[] {
  const graphs: Graph[] = [];
  for (const attribute of node.attributes.values())
    if (attribute.type === 'graph') graphs.push(attribute.value);
  return graphs.flatMap((graph) => [
    ...graph.nodes.flatMap((inner) => [...inner.inputs, ...outerValues(inner)]),
    ...graph.outputs.map(({ name }) => name),
  ]);
}
