/** Values cross the borders of subgraphs by name: what the branches of an If read from outside, the If reads. */
import type { Attribute, Graph, Node } from './types.ts';

/** The subgraphs that a node holds in its attributes. */
export function subgraphsOf(node: Pick<Node, 'attributes'>): readonly Graph[] {
  const graphs: Graph[] = [];
  for (const attribute of node.attributes.values()) {
    if (attribute.type === 'graph') graphs.push(attribute.value);
    else if (attribute.type === 'graphs') graphs.push(...attribute.value);
  }
  return graphs;
}

/** The names of all values that a node reads: its inputs, and what its subgraphs take from outside. */
export function namesReadBy(node: Node): ReadonlySet<string> {
  const names = new Set(node.inputs);
  for (const graph of subgraphsOf(node)) for (const name of capturedNames(graph)) names.add(name);
  names.delete('');
  return names;
}

/** The names that a subgraph reads but does not define. */
function capturedNames(graph: Graph): ReadonlySet<string> {
  const names = new Set(graph.outputs.map(({ name }) => name));
  for (const node of graph.nodes) for (const name of namesReadBy(node)) names.add(name);
  for (const name of definedNames(graph)) names.delete(name);
  return names;
}

/** The names that a graph itself gives to values, without those inside its subgraphs. */
export function definedNames(graph: Graph): ReadonlySet<string> {
  return new Set([
    ...graph.inputs.map(({ name }) => name),
    ...graph.initializers.keys(),
    ...(graph.sparseInitializers?.keys() ?? []),
    ...graph.nodes.flatMap(({ outputs }) => outputs.filter((name) => name !== '')),
  ]);
}

/** The names of all values in a graph and in everything inside it. */
export function namesInside(graph: Graph): ReadonlySet<string> {
  const names = new Set(definedNames(graph));
  for (const node of graph.nodes)
    for (const inner of subgraphsOf(node)) for (const name of namesInside(inner)) names.add(name);
  return names;
}

/** The graph with every value name replaced by what `rename` gives, in its subgraphs too. */
export function renameInGraph(graph: Graph, rename: (name: string) => string): Graph {
  const byName = <T>(map: ReadonlyMap<string, T>) =>
    new Map([...map].map(([name, value]) => [rename(name), value]));
  const list = <T extends { readonly name: string }>(values: readonly T[]) =>
    values.map((value) => ({ ...value, name: rename(value.name) }));
  return {
    ...graph,
    nodes: graph.nodes.map((node) => renameInNode(node, rename)),
    initializers: new Map(
      [...graph.initializers].map(([name, tensor]) => [rename(name), { ...tensor, name: rename(name) }]),
    ),
    ...(graph.sparseInitializers && { sparseInitializers: byName(graph.sparseInitializers) }),
    inputs: list(graph.inputs),
    outputs: list(graph.outputs),
    valueInfos: list(graph.valueInfos),
  };
}

/** The node with every value name replaced by what `rename` gives, in its subgraphs too. '' (left out) stays. */
export function renameInNode(node: Node, rename: (name: string) => string): Node {
  const change = (name: string) => (name === '' ? '' : rename(name));
  return mapSubgraphs(
    { ...node, inputs: node.inputs.map(change), outputs: node.outputs.map(change) },
    (graph) => renameInGraph(graph, change),
  );
}

/** The node with its subgraphs replaced by what `change` gives. */
export function mapSubgraphs(node: Node, change: (graph: Graph) => Graph): Node {
  if (subgraphsOf(node).length === 0) return node;
  const attributes = [...node.attributes].map(([name, attribute]): [string, Attribute] => {
    if (attribute.type === 'graph') return [name, { ...attribute, value: change(attribute.value) }];
    if (attribute.type === 'graphs') return [name, { ...attribute, value: attribute.value.map(change) }];
    return [name, attribute];
  });
  return { ...node, attributes: new Map(attributes) };
}
