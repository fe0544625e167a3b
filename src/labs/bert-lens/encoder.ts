/** A BERT encoder as its own file describes it: sizes, the tensors of its parts, and how many weights stand where. */
import { dequantizeWeights } from '../../engine/onnx/dequantize-weights.ts';
import { readModel } from '../../engine/onnx/reader.ts';
import { inferShapes } from '../../engine/onnx/shapes.ts';
import { numberValues } from '../../engine/onnx/tensor-values.ts';
import type { Graph } from '../../engine/onnx/types.ts';

/** A tensor on the way through the network. */
export interface EncoderTensor {
  /** Without the part's own name: `query`, `probabilities`. */
  name: string;
  /** "N" and "T" stand for the batch and the text. */
  dims: (string | number)[];
}

/** A stretch of the network that one freezes or trains as a whole. */
export interface EncoderPart {
  /** `embeddings`, `layer.0` …, `head`. */
  id: string;
  parameters: number;
  /** Of these: what is added after a product or a normalisation. */
  biases: number;
  /** Of these: weights and biases of LayerNormalization. */
  norms: number;
  /** Sizes [outputs, inputs] of the matrices of queries and values, which LoRA changes. */
  queryValue: [number, number][];
  tensors: EncoderTensor[];
}

/** What the lens knows of a network before any text. */
export interface EncoderDescription {
  id: string;
  title: string;
  layers: number;
  heads: number;
  width: number;
  pieces: number;
  /** The longest text, special pieces included. */
  positions: number;
  parameters: number;
  parts: EncoderPart[];
}

/** The value that holds the states after so many layers, float32 [N, T, width]; 0: the embeddings. */
export function stateName(depth: number): string {
  return depth === 0 ? 'embeddings.norm' : `encoder.layer.${depth - 1}.feed_forward.norm`;
}

/** The value that holds the attention of a layer, float32 [N, heads, T, T]; rows sum to 1. */
export function attentionName(layer: number): string {
  return `encoder.layer.${layer}.attention.probabilities`;
}

/** Describes the encoder in a model file. Throws a RangeError for a file that holds none of the recipes' encoders. */
export function describeEncoder(
  file: Uint8Array<ArrayBuffer>,
  id: string,
  title: string,
): EncoderDescription {
  return describeTransformer(file, { id, title, stack: 'encoder', last: { id: 'head', prefix: 'head.' } });
}

/** Which transformer a file is said to hold. */
export interface TransformerKind {
  id: string;
  title: string;
  /** What its layers stand in. */
  stack: 'encoder' | 'decoder';
  /** The part behind the layers. */
  last: { id: string; prefix: string };
}

/** Describes the transformer in a model file. Throws a RangeError for a file that holds none of the recipes' of this kind. */
export function describeTransformer(
  file: Uint8Array<ArrayBuffer>,
  { id, title, stack, last }: TransformerKind,
): EncoderDescription {
  const model = dequantizeWeights(readModel(file));
  const { graph } = model;
  const layers = new Set(
    [...graph.initializers.keys()].flatMap((name) => {
      const [own, layer] = /^(\w+)\.layer\.(\d+)\./.exec(name)?.slice(1) ?? [];
      return own === stack ? [layer] : [];
    }),
  ).size;
  const dimsOf = (name: string): readonly number[] => {
    const dims = graph.initializers.get(name)?.dims;
    if (dims) return dims;
    throw new RangeError(`"${title}" has no "${name}": it is no ${stack} of this course's recipes.`);
  };
  const [pieces, width] = dimsOf('embeddings.word.weight');
  const [positions] = dimsOf('embeddings.position.weight');
  const heads = headsOf(graph, stack);
  const shapes = inferShapes(model).values;
  const inLayers = Array.from({ length: layers }, (_, layer) => `layer.${layer}`);
  const parts = [
    { id: 'embeddings', prefix: 'embeddings.' },
    ...inLayers.map((part) => ({ id: part, prefix: `${stack}.${part}.` })),
    last,
  ].map((part) => describePart(graph, shapes, part.id, part.prefix));
  const parameters = parts.reduce((sum, part) => sum + part.parameters, 0);
  return { id, title, layers, heads, width, pieces, positions, parameters, parts };
}

function headsOf(graph: Graph, stack: string): number {
  const layout = graph.initializers.get(`${stack}.layer.0.attention.heads`);
  return layout ? numberValues(layout)[2] : 1;
}

type Shapes = ReturnType<typeof inferShapes>['values'];

function describePart(graph: Graph, shapes: Shapes, id: string, prefix: string): EncoderPart {
  const weights = [...graph.initializers.values()].filter(
    ({ name, dtype }) => name.startsWith(prefix) && dtype === 'float32' && /\.(weight|bias)$/.test(name),
  );
  const count = (chosen: typeof weights): number =>
    chosen.reduce((sum, { dims }) => sum + dims.reduce((product, size) => product * size, 1), 0);
  const tensors = graph.nodes.flatMap(({ outputs }) => {
    const [name] = outputs;
    const dims = shapes.get(name)?.dims;
    const isOurs = name.startsWith(prefix) || (id === 'head' && name === 'logits');
    // What only prepares a weight, or a step inside GELU, is no tensor to look at
    if (!isOurs || !dims || /transpose$|\.(scaled|erf|raised|doubled|product|apart|together)$/.test(name))
      return [];
    return [
      {
        name: name.startsWith(prefix) ? name.slice(prefix.length) : name,
        dims: dims.map((dim) => dim ?? '?'),
      },
    ];
  });
  return {
    id,
    parameters: count(weights),
    biases: count(weights.filter(({ name }) => name.endsWith('.bias'))),
    norms: count(weights.filter(({ name }) => /\bnorm\.(weight|bias)$/.test(name))),
    queryValue: weights
      .filter(({ name }) => /attention\.(query|value)\.weight$/.test(name))
      .map(({ dims: [outputs, inputs] }) => [outputs, inputs]),
    tensors,
  };
}
