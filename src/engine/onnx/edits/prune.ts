import { withGraph } from '../build.ts';
import { namesReadBy, subgraphsOf } from '../node-reads.ts';
import type { Graph, Model, Node } from '../types.ts';

/**
 * The model without what no output needs: nodes, initializers, notes on values, local functions. Graph inputs stay, but for those
 * that only name a dropped initializer (as files before IR version 4 do).
 */
export function prune(model: Model): Model {
  const { graph } = model;
  const needed = new Set(graph.outputs.map(({ name }) => name));
  const kept: Node[] = [];
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some((name) => name !== '' && needed.has(name))) continue;
    kept.push(node);
    for (const name of namesReadBy(node)) needed.add(name);
  }
  const nodes = kept.reverse();
  const changes = {
    nodes,
    initializers: only(graph.initializers, needed),
    ...(graph.sparseInitializers && { sparseInitializers: only(graph.sparseInitializers, needed) }),
    inputs: graph.inputs.filter(({ name }) => needed.has(name) || !graph.initializers.has(name)),
    valueInfos: graph.valueInfos.filter(({ name }) => needed.has(name)),
  };
  return dropUncalled(withGraph(model, changes));
}

function only<T>(map: ReadonlyMap<string, T>, names: ReadonlySet<string>): ReadonlyMap<string, T> {
  return new Map([...map].filter(([name]) => names.has(name)));
}

/** Drops local functions that nothing calls any more. */
function dropUncalled(model: Model): Model {
  if (model.functions === undefined) return model;
  const called = new Set<string>();
  const visit = (nodes: readonly Node[]): void => {
    for (const node of nodes) {
      for (const graph of subgraphsOf(node)) visit(graph.nodes);
      const key = `${node.domain}.${node.opType}`;
      if (called.has(key)) continue;
      called.add(key);
      for (const one of model.functions ?? [])
        if (one.domain === node.domain && one.name === node.opType) visit(one.nodes);
    }
  };
  visit(model.graph.nodes);
  const functions = model.functions.filter((one) => called.has(`${one.domain}.${one.name}`));
  return { ...model, functions: functions.length > 0 ? functions : undefined };
}

/** The values that a graph can give as outputs: what it computes, stores or is given. */
export function hasValue(graph: Graph, name: string): boolean {
  return (
    graph.initializers.has(name) ||
    graph.inputs.some((input) => input.name === name) ||
    graph.nodes.some((node) => node.outputs.includes(name))
  );
}
