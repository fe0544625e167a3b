/** Operators that treat elements alone, normalise, or multiply matrices. */
import { intAttribute } from '../../engine/onnx/graph-index.ts';
import {
  broadcastAxes,
  formula,
  likeFirst,
  shapesAt,
  typeAt,
  wordings,
  type NamedWording,
  type Site,
  type Worded,
} from './rule.ts';

export const elementWordings: readonly NamedWording[] = [
  ...wordings('Abs Neg Sign Reciprocal Floor Ceil Round Sqrt Exp Log Erf Identity Clip', likeFirst('same')),
  ...wordings('Sin Cos Tan Asin Acos Atan Sinh Cosh Tanh Asinh Acosh Atanh', likeFirst('same')),
  ...wordings(
    'Relu LeakyRelu Elu Celu Selu Sigmoid HardSigmoid HardSwish Swish Mish Gelu',
    likeFirst('same'),
  ),
  ...wordings(
    'Softplus Softsign ThresholdedRelu Shrink Not BitwiseNot IsNaN IsInf Dropout',
    likeFirst('same'),
  ),
  ...wordings('FastGelu BiasGelu QuickGelu QLinearSigmoid QLinearLeakyRelu PRelu', likeFirst('same')),
  ...wordings('CumSum Trilu ScatterElements ScatterND', likeFirst('same')),
  ...wordings('Cast CastLike QuantizeLinear DequantizeLinear', likeFirst('cast')),
  ...wordings('Softmax LogSoftmax Hardmax', likeFirst('softmax')),
  ...wordings('BatchNormalization InstanceNormalization GroupNormalization LRN', likeFirst('channels')),
  ...wordings('LayerNormalization RMSNormalization SimplifiedLayerNormalization', likeFirst('features')),
  ...wordings('SkipLayerNormalization LpNormalization', likeFirst('features')),
  ...wordings('Add Sub Mul Div Pow Mod And Or Xor BitwiseAnd BitwiseOr BitwiseXor BitShift', broadcast),
  ...wordings('Equal Greater GreaterOrEqual Less LessOrEqual Max Min Mean Sum Where', broadcast),
  ...wordings('QLinearAdd QLinearMul', (site) => broadcast(site, [0, 3])),
  ...wordings('MatMul MatMulInteger', (site) => matMul(site, 1)),
  ...wordings('QLinearMatMul', (site) => matMul(site, 3)),
  ...wordings('Gemm', gemm),
];

function broadcast(site: Site, positions = site.types.map((_, at) => at)): Worded | undefined {
  // Before opset 7 the second input was stretched along an axis that the node names
  if (site.opset < 7 && site.node.domain === '') return undefined;
  const shapes = shapesAt(site, positions);
  return shapes && { rule: 'broadcast', axes: broadcastAxes(shapes) };
}

/** [… m, K] · [… K, o] → [… m, o]; a vector is a matrix of one row or column that goes away again. */
function matMul(site: Site, right: number): Worded | undefined {
  const [a, b] = [typeAt(site, 0).dims, typeAt(site, right).dims];
  if (!a || !b || a.length === 0 || b.length === 0) return undefined;
  const leading = [a.slice(0, -2), b.slice(0, -2)];
  return {
    rule: 'matmul',
    axes: [
      ...(leading.some(({ length }) => length > 0) ? broadcastAxes(leading) : []),
      ...(a.length === 1 ? [] : [formula('m', { m: a[a.length - 2] })]),
      ...(b.length === 1 ? [] : [formula('o', { o: b[b.length - 1] })]),
    ],
  };
}

function gemm(site: Site): Worded | undefined {
  const { node } = site;
  const [a, b] = [typeAt(site, 0).dims, typeAt(site, 1).dims];
  if (a?.length !== 2 || b?.length !== 2) return undefined;
  const m = a[intAttribute(node, 'transA', 0) ? 1 : 0];
  const o = b[intAttribute(node, 'transB', 0) ? 0 : 1];
  return { rule: 'gemm', axes: [formula('m', { m }), formula('o', { o })] };
}
