/** What a part of a network is, by the operators in it. */
import type { Shapes } from '../shapes.ts';
import { intAttribute } from '../graph-index.ts';
import type { Node } from '../types.ts';

export type BoxKind =
  | 'embedding'
  | 'layer'
  | 'attention'
  | 'residual'
  | 'inception'
  | 'branch'
  | 'stem'
  | 'stage'
  | 'pool'
  | 'head'
  | 'group'
  | 'operator';

const products = new Set([
  'MatMul',
  'Gemm',
  'QLinearMatMul',
  'MatMulInteger',
  'FusedMatMul',
  'MatMulIntegerToFloat',
  'QGemm',
]);
const convolutions = new Set(['Conv', 'QLinearConv', 'ConvInteger', 'FusedConv', 'ConvTranspose']);
const attentions = new Set(['Attention', 'QAttention', 'MultiHeadAttention', 'GroupQueryAttention']);
const additions = new Set([
  'Add',
  'QLinearAdd',
  'Sum',
  'SkipLayerNormalization',
  'SkipSimplifiedLayerNormalization',
]);
const joins = new Set(['Concat', 'QLinearConcat']);
/** Behind a join these still belong to it. */
const finishing = new Set([
  'Relu',
  'Clip',
  'BatchNormalization',
  'LayerNormalization',
  'QuantizeLinear',
  'DequantizeLinear',
]);

/** Whether an operator multiplies by weights. */
export function hasProduct({ opType }: Node): boolean {
  return products.has(opType) || convolutions.has(opType) || attentions.has(opType);
}

/** The kind of a part that holds these nodes, in their order; 'group' when nothing marks it. */
export function kindOf(nodes: readonly Node[]): BoxKind {
  if (nodes.length === 1) return 'operator';
  const count = (set: ReadonlySet<string>): number => nodes.filter(({ opType }) => set.has(opType)).length;
  const hasAttention = count(attentions) > 0 || (count(new Set(['Softmax'])) > 0 && count(products) >= 2);
  if (hasAttention)
    return nodes.some(isActivation) && count(products) >= 4 - count(attentions) ? 'layer' : 'attention';
  const last = nodes.findLast(({ opType }) => !finishing.has(opType));
  if (last !== undefined && joins.has(last.opType) && count(convolutions) >= 3) return 'inception';
  if (last !== undefined && additions.has(last.opType) && count(products) + count(convolutions) >= 2)
    return 'residual';
  if (count(products) + count(convolutions) === 0) {
    if (nodes.some(({ opType }) => opType === 'Gather' || opType === 'EmbedLayerNormalization'))
      return 'embedding';
    const normalises = nodes.some(({ opType }) => opType === 'Sqrt' || opType === 'Pow');
    if (!normalises && nodes.some(({ opType }) => /AveragePool|GlobalMaxPool|ReduceMean/.test(opType)))
      return 'pool';
  }
  return 'group';
}

function isActivation({ opType }: Node): boolean {
  return /^(Erf|Tanh|Gelu|FastGelu|BiasGelu|QuickGelu|Relu|Sigmoid|Swish|Mish)$/.test(opType);
}

/** The number of attention heads in a part: the second axis of the weights [batch, heads, tokens, tokens]. */
export function headsOf(nodes: readonly Node[], shapes: Shapes): number | undefined {
  for (const node of nodes) {
    if (attentions.has(node.opType))
      return intAttribute(node, 'num_heads', intAttribute(node, 'q_num_heads', 0)) || undefined;
    if (node.opType !== 'Softmax') continue;
    const dims = shapes.values.get(node.outputs[0] ?? '')?.dims;
    if (dims?.length === 4 && typeof dims[1] === 'number') return dims[1];
  }
  return undefined;
}
