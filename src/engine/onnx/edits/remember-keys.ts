/**
 * A decoder that goes on where it stopped: each layer takes the keys and values of the pieces before, so that a new piece costs the same
 * however long the text is (Shazeer, "Fast transformer decoding", 2019, section 2.4). The weights are the same; the file stays one.
 */
import { buildNode, float32Value, withGraph } from '../build.ts';
import { OnnxError } from '../onnx-error.ts';
import { inferShapes, type Shapes } from '../shapes.ts';
import { int64Tensor } from '../tensor-values.ts';
import type { Model, Node, ValueInfo } from '../types.ts';
import { prune } from './prune.ts';

/** A kind of what a layer remembers, float32 [1, pieces, width]: its input, the value that holds the same of the new pieces, and that of all. */
interface Remembered {
  past: string;
  fresh: string;
  all: string;
}

/** What one layer remembers of each piece, before it is split into heads: pieces then lie one behind the other. */
export interface RememberedLayer {
  key: Remembered;
  value: Remembered;
}

/** What each of so many layers remembers, the lowest first. */
export function rememberedLayers(count: number): RememberedLayer[] {
  const remembered = (fresh: string): Remembered => ({ past: `${fresh}.past`, fresh, all: `${fresh}.all` });
  return Array.from({ length: count }, (_, layer) => ({
    key: remembered(`decoder.layer.${layer}.attention.key`),
    value: remembered(`decoder.layer.${layer}.attention.value`),
  }));
}

/**
 * The decoder with two more inputs a layer: the keys and values of P earlier pieces, P may be 0. The T pieces of `input_ids` then
 * stand at places P … P + T − 1 and look back at all of them; attention is float32 [N, heads, T, P + T].
 * @throws OnnxError for a model that is no decoder of our recipes.
 */
export function rememberKeys(model: Model): Model {
  const { graph } = model;
  const isProduct = ({ outputs }: Node) =>
    /^decoder\.layer\.\d+\.attention\.products$/.test(outputs[0] ?? '');
  const layers = rememberedLayers(graph.nodes.filter(isProduct).length);
  const known = new Set(graph.nodes.flatMap(({ outputs }) => outputs));
  const needed = ['input_ids.length', 'embeddings.position', 'causal_mask', 'causal_mask.end'];
  const missing = [...needed, ...layers.map(({ value }) => value.fresh)].find((name) => !known.has(name));
  if (layers.length === 0 || missing !== undefined)
    throw new OnnxError(
      `The model has no "${missing ?? 'decoder.layer.0.attention.products'}": it is no decoder of ours.`,
    );
  const shapes = inferShapes(model);
  const kinds = new Map(
    layers.flatMap((layer) => Object.values(layer) as Remembered[]).map((kind) => [kind.fresh, kind]),
  );
  const nodes = graph.nodes.flatMap((node): Node[] => {
    const [output = ''] = node.outputs;
    if (output === 'input_ids.length') return [node, ...countPieces(layers[0].key.past)];
    // The new pieces' places, and the rows of the mask that are theirs
    if (output === 'embeddings.position') return [withInputs(node, { 1: 'past.length', 2: 'all.length' })];
    if (output === 'causal_mask.end') return [withInputs(node, { 0: 'all.length', 1: 'all.length' })];
    if (output === 'causal_mask')
      return [
        buildNode('Concat', 'causal_mask.from', ['past.length', 'past.none'], ['causal_mask.from'], {
          axis: 0,
        }),
        withInputs(node, { 1: 'causal_mask.from' }),
      ];
    const own = kinds.get(output);
    if (own) return [node, joined(own)];
    const reads = node.inputs.flatMap((name, at) => {
      const read = kinds.get(name);
      return read ? [[at, read.all] as const] : [];
    });
    return [withInputs(node, Object.fromEntries(reads))];
  });
  const none = int64Tensor('past.none', [1], [0]);
  const inputs = [...graph.inputs, ...layers.flatMap((layer) => inputsOf(layer, shapes))];
  const initializers = new Map([...graph.initializers, [none.name, none]]);
  return prune(withGraph(model, { nodes, inputs, initializers }));
}

/** How many pieces are remembered, and how many there are with the new ones: int64 [1] each. */
function countPieces(past: string): Node[] {
  return [
    buildNode('Shape', 'past.length', [past], ['past.length'], { start: 1, end: 2 }),
    buildNode('Add', 'all.length', ['past.length', 'input_ids.length'], ['all.length']),
  ];
}

/** The remembered and the new behind each other. */
function joined({ past, fresh, all }: Remembered): Node {
  return buildNode('Concat', all, [past, fresh], [all], { axis: 1 });
}

function withInputs(node: Node, changes: Readonly<Record<number, string>>): Node {
  if (Object.keys(changes).length === 0) return node;
  return { ...node, inputs: node.inputs.map((name, at) => changes[at] ?? name) };
}

/** Keys and values of one layer, with the width that the graph has. */
function inputsOf({ key, value }: RememberedLayer, { values }: Shapes): ValueInfo[] {
  return [key, value].map(({ past, fresh }) =>
    float32Value(past, [1, 'P', values.get(fresh)?.dims?.at(-1) ?? 'width']),
  );
}

/** An input for what is remembered, float32 [1, P, width], and the value that holds the same of the new pieces. */
export interface PastInput {
  name: string;
  fresh: string;
  width: number;
}

/** The inputs for what a decoder remembers; none for any other graph. */
export function pastInputs({ graph }: Model): PastInput[] {
  return graph.inputs
    .filter(({ name }) => name.endsWith('.past'))
    .map(({ name, dims }) => ({ name, fresh: name.replace(/\.past$/, ''), width: Number(dims?.at(-1)) }));
}
