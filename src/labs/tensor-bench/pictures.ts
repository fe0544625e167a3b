/** What a cell's drawing needs, as plain data that may cross to another thread: tensors with their numbers, and the graph behind them. */
import { inOrder, type GradNode } from '../../engine/tensors/autograd.ts';
import { sayScalar } from '../../engine/tensors/print-array.ts';
import { Tensor, valuesOf } from '../../engine/tensors/tensor.ts';
import { ArrayValue, type Value } from './values.ts';

/** A tensor as the figure draws it. */
export interface TensorPicture {
  name: string;
  kind: 'tensor' | 'array';
  dtype: string;
  shape: readonly number[];
  /** The first elements, row by row, as text. */
  values: string[];
  /** Whether there are more elements than `values` has. */
  isCut: boolean;
  /** The function that made it, or that it asks for a gradient. */
  state: string;
}

/** A place in the record of operations: a function, a leaf, a result, or what was cut off by detach. */
export interface GraphNode {
  id: string;
  kind: 'leaf' | 'operation' | 'result' | 'cut';
  label: string;
  shape: readonly number[];
}

export interface GraphPicture {
  nodes: GraphNode[];
  /** From input to result; a cut one carries no gradient. */
  edges: { from: string; to: string; isCut: boolean }[];
}

/** More elements are not drawn. */
const mostValues = 256;

/** Longer records are not drawn. */
const mostNodes = 24;

/** The tensors among named values. */
export function picturesOf(named: readonly [string, Value][]): TensorPicture[] {
  return named.flatMap(([name, value]): TensorPicture[] => {
    const tensor = value instanceof ArrayValue ? value.tensor : value;
    if (!(tensor instanceof Tensor)) return [];
    const kind = value instanceof ArrayValue ? 'array' : 'tensor';
    const values = Array.from(valuesOf(tensor).subarray(0, mostValues), (one) => sayShort(one, tensor));
    const state = tensor.gradFn
      ? `grad_fn=<${tensor.gradFn.name}>`
      : tensor.requiresGrad
        ? 'requires_grad=True'
        : '';
    return [
      {
        name,
        kind,
        dtype: tensor.dtype.name,
        shape: tensor.shape,
        values,
        isCut: tensor.count > values.length,
        state,
      },
    ];
  });
}

/** A number short enough for a box. */
function sayShort(value: number, { dtype }: Tensor): string {
  if (dtype.kind !== 'float') return sayScalar(value, dtype);
  return Number.isFinite(value) ? String(Number(value.toPrecision(3))) : sayScalar(value, dtype);
}

/** The record behind named tensors, with what detach cut off; undefined where nothing was recorded, or far too much. */
export function graphOf(named: readonly [string, Value][]): GraphPicture | undefined {
  const results = named.filter(
    (one): one is [string, Tensor] =>
      one[1] instanceof Tensor && (one[1].gradFn ?? one[1].cutFrom) !== undefined,
  );
  if (results.length === 0) return undefined;
  const names = new Map(
    named.flatMap(([name, value]): [Tensor, string][] => (value instanceof Tensor ? [[value, name]] : [])),
  );
  const graph: GraphPicture = { nodes: [], edges: [] };
  const ids = new Map<GradNode | Tensor, string>();
  const add = (key: GradNode | Tensor, node: Omit<GraphNode, 'id'>): string => {
    const known = ids.get(key);
    if (known !== undefined) return known;
    const id = `n${ids.size}`;
    ids.set(key, id);
    graph.nodes.push({ id, ...node });
    return id;
  };
  const link = (from: string | undefined, to: string, isCut: boolean): void => {
    const isNew = !graph.edges.some((one) => one.from === from && one.to === to);
    if (from !== undefined && isNew) graph.edges.push({ from, to, isCut });
  };
  /** Adds a function and all behind it, past what detach cut as well; false if that is too much to draw. */
  const drawRecord = (start: GradNode): boolean => {
    for (const node of inOrder(start).reverse()) {
      if (ids.has(node)) continue;
      if (ids.size > mostNodes || !node.cuts.every(drawRecord)) return false;
      const to = add(node, { kind: 'operation', label: node.name, shape: node.shape });
      for (const edge of node.edges)
        if (edge && 'leaf' in edge) {
          const { leaf } = edge;
          link(add(leaf, { kind: 'leaf', label: names.get(leaf) ?? 'leaf', shape: leaf.shape }), to, false);
        } else if (edge) link(ids.get(edge.node), to, false);
      for (const cut of node.cuts) link(ids.get(cut), to, true);
    }
    return true;
  };
  for (const [name, tensor] of results) {
    const start = tensor.gradFn ?? tensor.cutFrom;
    if (!start) continue;
    if (!drawRecord(start)) return undefined;
    const isCut = tensor.gradFn === undefined;
    const end = add(tensor, { kind: isCut ? 'cut' : 'result', label: name, shape: tensor.shape });
    graph.edges.push({ from: ids.get(start) ?? '', to: end, isCut });
  }
  return graph;
}
