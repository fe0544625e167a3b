/**
 * The network as boxes that open: about ten at first (stem, stages, layers, head), each with what is in it down to single
 * operators. Module paths from the exporter decide where there are some; else the joins of residual sums and branches, the
 * repetition of attention and the shrinking of the picture.
 */
import { measureCost, peakBytesOf, sumCosts } from './cost.ts';
import type { Cost, ModelCost, NodeCost } from './cost.ts';
import { countElements } from './dimensions.ts';
import type { Dims } from './dimensions.ts';
import { constantValues, indexGraph } from './graph-index.ts';
import { readFlow } from './blocks/flow.ts';
import type { FlowNode } from './blocks/flow.ts';
import { headsOf } from './blocks/kind.ts';
import type { BoxKind } from './blocks/kind.ts';
import { partsByPath, partsByStructure } from './blocks/outline.ts';
import type { Named, Part } from './blocks/outline.ts';
import { chooseOverview } from './blocks/overview.ts';
import { scopePath } from './blocks/scope-path.ts';
import { namesReadBy } from './node-reads.ts';
import { inferShapes } from './shapes.ts';
import type { Shapes } from './shapes.ts';
import type { Model, Node } from './types.ts';

export type { BoxKind } from './blocks/kind.ts';

export interface Box extends Cost {
  /** Module path, or a name made up from where the box is. Unique among the boxes of a level. */
  readonly id: string;
  readonly label: string;
  readonly kind: BoxKind;
  /** All nodes in it in the order in which they run, with those that prepare constants and shapes for them. */
  readonly nodes: readonly Node[];
  /** What it opens to; empty for an operator. */
  readonly children: readonly Box[];
  /** Values that come in from other boxes or from the graph's inputs. */
  readonly inputNames: readonly string[];
  /** Values that other boxes or the graph's outputs take from it. */
  readonly outputNames: readonly string[];
  readonly outputShape: Dims | undefined;
  /** The most bytes of activations alive while it runs. */
  readonly peakBytes: number;
  /** Attention heads, where there is attention in it. */
  readonly heads: number | undefined;
}

/** Fewer nodes than this share with a module path: the names say nothing. */
const leastNamed = 0.5;

/**
 * Groups a model's nodes into a tree of boxes; the first level has about ten.
 * @throws OnnxError when two nodes compute the same value.
 */
export function findBoxes(
  model: Model,
  shapes: Shapes = inferShapes(model),
  cost: ModelCost = measureCost(model, shapes),
): readonly Box[] {
  const { graph } = model;
  const costs = new Map(cost.nodes.map((one) => [one.node, one]));
  const flow = readFlow(graph);
  const paths = flow.nodes.map(({ node }) =>
    scopePath(node, costs.get(node)?.parameterList.map(({ name }) => name) ?? []),
  );
  const named =
    paths.filter((path) => path !== undefined && path.length > 0).length >= paths.length * leastNamed;
  const shapeOf = (part: Part): Dims | undefined =>
    shapes.values.get(part.nodes.at(-1)?.node.outputs[0] ?? '')?.dims;
  const parts = named
    ? partsByPath(inheritPaths(flow.nodes, paths), 0)
    : partsByStructure(flow.nodes, 'block');
  const order = new Map(graph.nodes.map((node, at) => [node, at]));
  const { consumers, outputNames } = indexGraph(graph);
  const constants = constantValues(graph);
  // Masks and positions that follow from shapes: each box could make them for itself
  const prepared = new Set(
    [...flow.helpers.values()].flatMap((nodes) => nodes.flatMap(({ outputs }) => outputs)),
  );
  return chooseOverview(parts, shapeOf).map(measure);

  function measure(part: Part): Box {
    const own = part.nodes.flatMap(({ node }) => [...(flow.helpers.get(node) ?? []), node]);
    own.sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
    const inside = new Set(own);
    const made = new Set(own.flatMap((node) => node.outputs));
    const list = own.map((node) => costs.get(node)).filter((one): one is NodeCost => one !== undefined);
    const outgoing = part.nodes
      .flatMap(({ node }) => node.outputs)
      .filter(
        (value) => outputNames.has(value) || consumers.get(value)?.some((reader) => !inside.has(reader)),
      );
    const incoming = part.nodes
      .flatMap(({ node }) => [...namesReadBy(node)])
      .filter((value) => !made.has(value) && !constants.has(value) && !prepared.has(value));
    return {
      id: part.id,
      label: part.label,
      kind: part.kind,
      nodes: own,
      children: part.children.map(measure),
      inputNames: [...new Set(incoming)],
      outputNames: [...new Set(outgoing)],
      outputShape: largestShape(outgoing, shapes),
      ...sumCosts(list),
      peakBytes: peakBytesOf(list),
      heads: part.kind === 'attention' || part.kind === 'layer' ? headsOf(own, shapes) : undefined,
    };
  }
}

/** The shape of what a box mainly hands on: masks and positions beside it are smaller. */
function largestShape(values: readonly string[], shapes: Shapes): Dims | undefined {
  const known = values.map((value) => shapes.values.get(value)?.dims).filter((dims) => dims !== undefined);
  const size = (dims: Dims): number => countElements(dims) ?? 0;
  return known.reduce<Dims | undefined>(
    (largest, dims) => (largest && size(largest) > size(dims) ? largest : dims),
    undefined,
  );
}

/** A node of which nothing tells where it belongs is beside the node that it reads last. */
function inheritPaths(
  nodes: readonly FlowNode[],
  paths: readonly (readonly string[] | undefined)[],
): readonly Named[] {
  const known: (readonly string[])[] = [];
  return nodes.map((one, at) => {
    const source = one.sources.at(-1);
    const path = paths[at] ?? (source === undefined ? [] : known[source].slice(0, -1));
    known.push(path);
    return { ...one, path };
  });
}
