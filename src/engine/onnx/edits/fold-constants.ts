import { withGraph } from '../build.ts';
import { inferShapes } from '../shapes.ts';
import type { Shapes } from '../shapes.ts';
import { int32Tensor, int64Tensor } from '../tensor-values.ts';
import type { Model, Tensor } from '../types.ts';
import { prune } from './prune.ts';

/**
 * The model with every integer or truth value that is known before anything runs stored as an initializer, and what computed it
 * gone: the chains of Shape, Gather and Concat that exporters write, and Constant nodes of such types.
 * @param shapes of this very model.
 */
export function foldConstants(model: Model, shapes: Shapes = inferShapes(model)): Model {
  const { graph } = model;
  const initializers = new Map(graph.initializers);
  const outputNames = new Set(graph.outputs.map(({ name }) => name));
  const isFolded = new Set<string>();
  for (const { outputs } of graph.nodes) {
    for (const name of outputs) {
      // an output of the graph must be computed by a node
      const tensor = name === '' || outputNames.has(name) ? undefined : knownTensor(name, shapes);
      if (tensor === undefined) continue;
      initializers.set(name, tensor);
      isFolded.add(name);
    }
  }
  if (isFolded.size === 0) return model;
  const nodes = graph.nodes
    .filter(({ outputs }) => !outputs.every((name) => name === '' || isFolded.has(name)))
    .map((node) =>
      node.outputs.some((name) => isFolded.has(name))
        ? { ...node, outputs: node.outputs.map((name) => (isFolded.has(name) ? '' : name)) }
        : node,
    );
  return prune(withGraph(model, { nodes, initializers }));
}

function knownTensor(name: string, { values, contents }: Shapes): Tensor | undefined {
  const known = contents.get(name);
  if (known === undefined || !known.items.every((item) => Number.isSafeInteger(item))) return undefined;
  const items = known.items as readonly number[];
  const { dtype } = values.get(name) ?? {};
  if (dtype === 'int64') return int64Tensor(name, known.dims, items);
  if (dtype === 'int32') return int32Tensor(name, known.dims, Int32Array.from(items));
  if (dtype === 'bool') return { name, dtype, dims: known.dims, bytes: Uint8Array.from(items) };
  return undefined;
}
