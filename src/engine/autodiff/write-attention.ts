/** Fused attention as the operators that it stands for, so that gradients pass it. */
import { buildNode, withGraph } from '../onnx/build.ts';
import { floatAttributeOf, intAttribute, intsAttribute } from '../onnx/graph-index.ts';
import type { Model, Node } from '../onnx/types.ts';
import { dataTypeNumbers } from '../onnx/types.ts';
import { add, range, reshape } from './arithmetic.ts';
import { afterPast, attend, joinHeads, splitHeads } from './attend.ts';
import { operatorOf } from './gradient-rule.ts';
import { GraphBuilder } from './graph-builder.ts';

/** How one operator is written out. */
interface Writing {
  /** What of a node has no written form, as the end of a sentence about it; undefined: it can be written out. */
  readonly missing: (b: GraphBuilder, node: Node) => string | undefined;
  /** Appends the nodes that give the node's outputs. */
  readonly write: (b: GraphBuilder, node: Node) => void;
}

/** The attention operators by name, with their domain where it is not the default one. */
export const attentionWritings: ReadonlyMap<string, Writing> = new Map([
  ['Attention', { missing: missingInAttention, write: writeAttention }],
  ['com.microsoft.Attention', { missing: missingInPacked, write: writePacked }],
  ['com.microsoft.MultiHeadAttention', { missing: missingInMultiHead, write: writeMultiHead }],
]);

/**
 * The model with its attention operators written out in MatMul, Softmax and their like; the new nodes have the operator's name in theirs. A form of
 * one that has no written form stays as it is. Sizes must be numbers: bind the batch first.
 */
export function writeOutAttention(model: Model): Model {
  if (!model.graph.nodes.some((node) => writingOf(node) !== undefined)) return model;
  const b = new GraphBuilder(model);
  for (const node of model.graph.nodes) {
    const writing = writingOf(node);
    if (writing === undefined || !canBeWritten(b, node, writing)) b.push(node);
    else b.within('forward', node.name || node.outputs[0], () => writing.write(b, node));
  }
  return withGraph(model, { nodes: b.nodes, initializers: b.initializers });
}

/** A node whose sizes are not known may still be frozen, and nobody asks for them then. */
function canBeWritten(b: GraphBuilder, node: Node, { missing }: Writing): boolean {
  try {
    return missing(b, node) === undefined;
  } catch {
    return false;
  }
}

const writingOf = (node: Node): Writing | undefined => attentionWritings.get(operatorOf(node));

/** Inputs and outputs by position, '' where the node has none. */
const at = (names: readonly string[], position: number): string => names[position] ?? '';

/** The first of these that is there. */
function firstOf(cases: readonly (readonly [isThere: boolean, words: string])[]): string | undefined {
  return cases.find(([isThere]) => isThere)?.[1];
}

const trainedOnly = 'computes in another precision than float32';

const isTrained = (b: GraphBuilder, x: string): boolean => ['float32', 'float64'].includes(b.dtype(x));

function missingInAttention(b: GraphBuilder, node: Node): string | undefined {
  const [query, key, , mask = '', pastKey = '', pastValue = ''] = node.inputs;
  const precision = intAttribute(node, 'softmax_precision', 0);
  const keys = b.dims(key).at(-2) ?? 0;
  const total = keys + (pastKey === '' ? 0 : b.dims(pastKey)[2]);
  const windows = ['left_window_size', 'right_window_size'].map((name) => intAttribute(node, name, -1));
  return firstOf([
    [!isTrained(b, query), trainedOnly],
    [at(node.inputs, 6) !== '', 'takes the lengths of its keys (nonpad_kv_seqlen)'],
    [at(node.outputs, 3) !== '', 'gives its scores out (qk_matmul_output)'],
    [
      windows.some((size) => size >= 0),
      'sees a window of its keys only (left_window_size, right_window_size)',
    ],
    [
      precision !== 0 && precision !== dataTypeNumbers[b.dtype(query)],
      'takes its softmax in another precision (softmax_precision)',
    ],
    [(pastKey === '') !== (pastValue === ''), 'has a past of keys or of values alone (past_key, past_value)'],
    [mask !== '' && b.dims(mask).at(-1) !== total, 'has a mask that is shorter than its keys (attn_mask)'],
  ]);
}

/** Attention of the default domain since opset 23: query, key, value, mask, past key, past value. */
function writeAttention(b: GraphBuilder, node: Node): void {
  const [q, k, v, mask = '', pastKey = '', pastValue = ''] = node.inputs;
  const isPacked = b.rank(q) === 3;
  const split = (x: string, heads: string) => (isPacked ? splitHeads(b, x, intAttribute(node, heads, 1)) : x);
  const query = split(q, 'q_num_heads');
  const key = afterPast(b, pastKey, split(k, 'kv_num_heads'));
  const value = afterPast(b, pastValue, split(v, 'kv_num_heads'));
  const isBool = mask !== '' && b.dtype(mask) === 'bool';
  const result = attend(b, {
    ...{ query, key, value },
    scale: floatAttributeOf(node, 'scale', 1 / Math.sqrt(b.dims(query)[3])),
    softcap: floatAttributeOf(node, 'softcap', 0),
    biases: mask !== '' && !isBool ? [mask] : [],
    mask: isBool ? mask : '',
    isCausal: intAttribute(node, 'is_causal', 0) === 1,
    keysBefore: pastKey === '' ? 0 : b.dims(pastKey)[2],
  });
  giveAll(b, node, [isPacked ? joinHeads(b, result) : result, key, value]);
}

/** Outputs under the names that the node gave them, as far as it has them. */
function giveAll(b: GraphBuilder, node: Node, values: readonly string[]): void {
  values.forEach((value, position) => {
    const name = at(node.outputs, position);
    if (name !== '') b.alias(value, name);
  });
}

function missingInPacked(b: GraphBuilder, node: Node): string | undefined {
  return firstOf([
    [!isTrained(b, node.inputs[0]), trainedOnly],
    [at(node.inputs, 4) !== '' || at(node.outputs, 1) !== '', 'keeps past keys and values (past, present)'],
    [intAttribute(node, 'do_rotary', 0) !== 0, 'turns its queries by their places (do_rotary)'],
    [
      !hasKnownMask(b, at(node.inputs, 3), b.dims(node.inputs[0])[0]),
      'has a mask of another form (mask_index)',
    ],
  ]);
}

/**
 * Attention of com.microsoft, which ONNX Runtime's optimiser writes for BERT and its kin
 * (https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md): x [batch, tokens, width], one matrix and one bias
 * for queries, keys and values.
 */
function writePacked(b: GraphBuilder, node: Node): void {
  const [x, weight, bias = '', mask = ''] = node.inputs;
  const heads = intAttribute(node, 'num_heads', 1);
  const third = b.dims(weight)[1] / 3;
  const sizes = intsAttribute(node, 'qkv_hidden_sizes') ?? [third, third, third];
  const product = b.op('MatMul', [x, weight]);
  const parts = splitInto(b, bias === '' ? product : add(b, product, bias), sizes);
  writeWithMask(
    b,
    node,
    parts.map((part) => splitHeads(b, part, heads)),
    mask,
    at(node.inputs, 5),
  );
}

function missingInMultiHead(b: GraphBuilder, node: Node): string | undefined {
  const [query, key = '', value = ''] = node.inputs;
  const isApart = [query, key, value].every((name) => name !== '' && b.rank(name) === 3);
  return firstOf([
    [!isTrained(b, query), trainedOnly],
    [!isApart, 'has keys and values in another form than [batch, tokens, width] (key, value)'],
    [
      range(4).some((past) => at(node.inputs, 6 + past) !== '') || node.outputs.slice(1).some(Boolean),
      'keeps past keys and values (past_key, present_key)',
    ],
    [
      isApart && !hasKnownMask(b, at(node.inputs, 4), b.dims(query)[0]),
      'has a mask of another form (key_padding_mask)',
    ],
  ]);
}

/** MultiHeadAttention of com.microsoft: query, key, value as [batch, tokens, width], a bias for all three, mask, bias of the scores. */
function writeMultiHead(b: GraphBuilder, node: Node): void {
  const inputs = node.inputs.slice(0, 3);
  const bias = at(node.inputs, 3);
  const biases =
    bias === ''
      ? []
      : splitInto(
          b,
          bias,
          inputs.map((name) => b.dims(name)[2]),
        );
  const heads = intAttribute(node, 'num_heads', 1);
  const parts = inputs.map((name, part) => {
    const shifted = bias === '' ? name : add(b, name, biases[part]);
    return splitHeads(b, shifted, heads);
  });
  writeWithMask(b, node, parts, at(node.inputs, 4), at(node.inputs, 5));
}

function splitInto(b: GraphBuilder, x: string, sizes: readonly number[]): string[] {
  const names = sizes.map(() => b.freshName('part'));
  b.push(buildNode('Split', b.freshName('Split'), [x, b.ints(sizes)], names, { axis: -1 }));
  return names;
}

/** Lengths [batch], or what is seen as [batch, keys] or [batch, queries, keys]. */
function hasKnownMask(b: GraphBuilder, mask: string, batch: number): boolean {
  if (mask === '') return true;
  const dims = b.dims(mask);
  return dims[0] === batch && dims.length <= 3;
}

/** What com.microsoft's operators have in common; their masks add a number to hidden scores (mask_filter_value). */
function writeWithMask(
  b: GraphBuilder,
  node: Node,
  [query, key, value]: readonly string[],
  mask: string,
  bias: string,
): void {
  const biases = bias === '' ? [] : [bias];
  if (mask !== '') {
    const filter = b.scalar(floatAttributeOf(node, 'mask_filter_value', -10_000), query);
    const seen = seenBy(b, mask, b.dims(key)[2]);
    biases.push(b.op('Where', [seen, b.scalar(0, query), filter]));
  }
  const result = attend(b, {
    ...{ query, key, value, biases },
    scale: floatAttributeOf(node, 'scale', 0) || 1 / Math.sqrt(b.dims(query)[3]),
    isCausal: intAttribute(node, 'unidirectional', 0) === 1,
  });
  giveAll(b, node, [joinHeads(b, result)]);
}

/** An integer mask as bool [batch, 1, queries or 1, keys]. */
function seenBy(b: GraphBuilder, mask: string, keys: number): string {
  const dims = b.dims(mask);
  const [batch] = dims;
  const numbers = b.cast(mask, 'int64');
  if (dims.length === 1) return b.op('Less', [b.ints(range(keys)), reshape(b, numbers, [batch, 1, 1, 1])]);
  const apart = reshape(b, numbers, [batch, 1, dims.length === 3 ? dims[1] : 1, keys]);
  return b.op('Greater', [apart, b.ints([0])]);
}
