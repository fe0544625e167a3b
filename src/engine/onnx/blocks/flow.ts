/** The nodes that compute something from the input, in their order, with what connects them. */
import { constantValues, indexGraph } from '../graph-index.ts';
import { namesReadBy } from '../node-reads.ts';
import type { Graph, Node } from '../types.ts';

export interface FlowNode {
  readonly node: Node;
  /** Position among the flow's nodes. */
  readonly at: number;
  /** Positions of the nodes whose results it reads, each once, ascending. */
  readonly sources: readonly number[];
  /** Position of the last node that reads one of its results; its own when nothing does. */
  readonly lastReader: number;
}

/** The flow of a graph. Nodes that only prepare constants or measure shapes belong to the node that uses them. */
export function readFlow(graph: Graph): {
  readonly nodes: readonly FlowNode[];
  readonly helpers: ReadonlyMap<Node, readonly Node[]>;
} {
  const constants = constantValues(graph);
  const { producers, consumers, outputNames } = indexGraph(graph);
  const steering = steeringNodes(graph.nodes, constants, consumers, outputNames);
  const main = graph.nodes.filter((node) => !steering.has(node));
  const positions = new Map(main.map((node, at) => [node, at]));
  const sources = main.map((node) => {
    const found = new Set<number>();
    for (const input of namesReadBy(node)) {
      const producer = producers.get(input);
      const at = producer && positions.get(producer);
      if (at !== undefined) found.add(at);
    }
    return [...found].sort((a, b) => a - b);
  });
  const lastReader = main.map((_, at) => at);
  for (const [at, list] of sources.entries())
    for (const source of list) lastReader[source] = Math.max(lastReader[source], at);
  const nodes = main.map((node, at): FlowNode => ({
    node,
    at,
    sources: sources[at],
    lastReader: lastReader[at],
  }));
  return { nodes, helpers: ownersOf(graph.nodes, steering, consumers) };
}

/** What carries no activation: constants, and integers that only end in shapes, indices or masks. */
const measures = new Set(['Shape', 'Size', 'Constant', 'ConstantOfShape', 'Range']);

function steeringNodes(
  nodes: readonly Node[],
  constants: ReadonlySet<string>,
  consumers: ReadonlyMap<string, readonly Node[]>,
  outputNames: ReadonlySet<string>,
): ReadonlySet<Node> {
  const steering = new Set<Node>();
  const steered = new Set<string>(constants);
  for (const node of nodes) {
    const read = [...namesReadBy(node)];
    const derived = read.length > 0 && read.every((input) => steered.has(input));
    if (!derived && !measures.has(node.opType)) continue;
    if (node.outputs.some((output) => outputNames.has(output))) continue;
    steering.add(node);
    for (const output of node.outputs) steered.add(output);
  }
  // backwards: whatever is only read by such nodes
  for (const node of [...nodes].reverse()) {
    const readers = node.outputs.flatMap((output) => consumers.get(output) ?? []);
    const ends = node.outputs.some((output) => outputNames.has(output));
    if (!ends && readers.length > 0 && readers.every((reader) => steering.has(reader))) steering.add(node);
  }
  return steering;
}

/** Each steering node under the first node of the flow that uses it, directly or through others. */
function ownersOf(
  nodes: readonly Node[],
  steering: ReadonlySet<Node>,
  consumers: ReadonlyMap<string, readonly Node[]>,
): ReadonlyMap<Node, readonly Node[]> {
  const owner = new Map<Node, Node>();
  const helpers = new Map<Node, Node[]>();
  for (const node of [...nodes].reverse()) {
    if (!steering.has(node)) continue;
    for (const reader of node.outputs.flatMap((output) => consumers.get(output) ?? [])) {
      const found = steering.has(reader) ? owner.get(reader) : reader;
      if (found === undefined) continue;
      owner.set(node, found);
      break;
    }
  }
  for (const node of nodes) {
    const found = owner.get(node);
    if (found === undefined) continue;
    const list = helpers.get(found);
    if (list === undefined) helpers.set(found, [node]);
    else list.push(node);
  }
  return helpers;
}
