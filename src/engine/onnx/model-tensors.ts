/** Every tensor of a model, wherever it stands: in graphs, in their branches and bodies, in attributes, in local functions. */
import type { Attribute, Graph, LocalFunction, Model, Node, SparseTensor, Tensor } from './types.ts';

/** All tensors of a model, in order; the parts of sparse ones too. */
export function tensorsOf(model: Model): readonly Tensor[] {
  const found: Tensor[] = [];
  mapTensors(model, (tensor) => {
    found.push(tensor);
    return tensor;
  });
  return found;
}

/** The model with every tensor replaced by what `change` gives; the same model when nothing changes. */
export function mapTensors(model: Model, change: (tensor: Tensor) => Tensor): Model {
  const graph = mapGraph(model.graph, change);
  const functions = model.functions && mapList(model.functions, (one) => mapFunction(one, change));
  if (graph === model.graph && functions === model.functions) return model;
  return { ...model, graph, ...(functions && { functions }) };
}

function mapGraph(graph: Graph, change: (tensor: Tensor) => Tensor): Graph {
  const nodes = mapList(graph.nodes, (node) => mapNode(node, change));
  const initializers = mapValues(graph.initializers, change);
  const sparse =
    graph.sparseInitializers && mapValues(graph.sparseInitializers, (one) => mapSparse(one, change));
  const stray = graph.strayInitializers && mapList(graph.strayInitializers, change);
  const isSame =
    nodes === graph.nodes &&
    initializers === graph.initializers &&
    sparse === graph.sparseInitializers &&
    stray === graph.strayInitializers;
  if (isSame) return graph;
  return {
    ...graph,
    nodes,
    initializers,
    ...(sparse && { sparseInitializers: sparse }),
    ...(stray && { strayInitializers: stray }),
  };
}

function mapFunction(one: LocalFunction, change: (tensor: Tensor) => Tensor): LocalFunction {
  const nodes = mapList(one.nodes, (node) => mapNode(node, change));
  const attributeDefaults = mapValues(one.attributeDefaults, (attribute) => mapAttribute(attribute, change));
  const isSame = nodes === one.nodes && attributeDefaults === one.attributeDefaults;
  return isSame ? one : { ...one, nodes, attributeDefaults };
}

function mapNode(node: Node, change: (tensor: Tensor) => Tensor): Node {
  const attributes = mapValues(node.attributes, (attribute) => mapAttribute(attribute, change));
  return attributes === node.attributes ? node : { ...node, attributes };
}

function mapAttribute(attribute: Attribute, change: (tensor: Tensor) => Tensor): Attribute {
  switch (attribute.type) {
    case 'tensor':
      return withValue(attribute, change(attribute.value));
    case 'tensors':
      return withValue(attribute, mapList(attribute.value, change));
    case 'graph':
      return withValue(attribute, mapGraph(attribute.value, change));
    case 'graphs':
      return withValue(
        attribute,
        mapList(attribute.value, (graph) => mapGraph(graph, change)),
      );
    case 'sparse':
      return withValue(attribute, mapSparse(attribute.value, change));
    default:
      return attribute;
  }
}

function mapSparse(sparse: SparseTensor, change: (tensor: Tensor) => Tensor): SparseTensor {
  const values = change(sparse.values);
  const indices = change(sparse.indices);
  return values === sparse.values && indices === sparse.indices ? sparse : { ...sparse, values, indices };
}

function withValue<A extends Attribute>(attribute: A, value: A['value']): A {
  return value === attribute.value ? attribute : { ...attribute, value };
}

/** A list with every element changed; the list itself when none is. */
export function mapList<T>(list: readonly T[], change: (element: T) => T): readonly T[] {
  let changed: T[] | undefined;
  list.forEach((element, index) => {
    const next = change(element);
    if (next !== element) (changed ??= [...list])[index] = next;
  });
  return changed ?? list;
}

function mapValues<T>(map: ReadonlyMap<string, T>, change: (value: T) => T): ReadonlyMap<string, T> {
  let changed: Map<string, T> | undefined;
  for (const [key, value] of map) {
    const next = change(value);
    if (next !== value) (changed ??= new Map(map)).set(key, next);
  }
  return changed ?? map;
}
