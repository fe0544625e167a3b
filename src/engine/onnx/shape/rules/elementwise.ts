/** Operators that treat every element alone: shapes as they are, or broadcast as in numpy (since opset 7). */
import { broadcast } from '../../dimensions.ts';
import type { Dims } from '../../dimensions.ts';
import type { DataType } from '../../types.ts';
import { dtypeAttribute, fail, likeFirst, row, rows, show, typeAt, withDtype } from '../rule.ts';
import type { NamedRow, Site } from '../rule.ts';
import { tensorType } from '../value-type.ts';
import type { ValueType } from '../value-type.ts';

export const elementwiseRows: readonly NamedRow[] = [
  ...rows('Abs Neg Sign Reciprocal Floor Ceil Round Sqrt Exp Log Erf Identity Clip', 1, likeFirst),
  ...rows('Sin Cos Tan Asin Acos Atan Sinh Cosh Tanh Asinh Acosh Atanh', 1, likeFirst),
  ...rows('Relu LeakyRelu Elu Celu Selu Sigmoid HardSigmoid HardSwish Swish Mish Gelu', 1, likeFirst),
  ...rows('Softplus Softsign ThresholdedRelu Shrink Softmax LogSoftmax Hardmax', 1, likeFirst),
  // opsets 1 to 9 only
  ...rows('Affine ScaledTanh ParametricSoftplus ImageScaler Scale', 1, likeFirst),
  ...rows('Not BitwiseNot', 1, likeFirst),
  ...rows('IsNaN IsInf', 1, ({ types: [x] }) => [withDtype(x, 'bool')]),
  ...rows('Add Sub Mul Div Pow Mod BitShift BitwiseAnd BitwiseOr BitwiseXor', 2, (site) => [
    elementwise(site),
  ]),
  ...rows('Max Min Mean Sum', 1, (site) => [elementwise(site)]),
  ...rows('And Or Xor Equal Greater GreaterOrEqual Less LessOrEqual', 2, (site) => [
    elementwise(site, 'bool'),
  ]),
  ...rows('PRelu SwiGLU', 2, likeFirst),
  row('Where', 3, (site) => [
    { ...elementwise(site), ...withoutDims(site.types[1].dtype ?? site.types[2].dtype) },
  ]),
  row('Cast', 1, ({ node, types: [x] }) => [withDtype(x, dtypeAttribute(node, 'to'))]),
  row('CastLike', 2, ({ types: [x, like] }) => [withDtype(x, like.dtype)]),
  row('BitCast', 1, ({ node, types: [x] }) => [withDtype(x, dtypeAttribute(node, 'to'))]),
  row('Dropout', 1, ({ types: [x], opset }) => [x, opset < 10 ? x : withDtype(x, 'bool')]),
  row('Bernoulli', 1, ({ node, types: [x] }) => [withDtype(x, dtypeAttribute(node, 'dtype', x.dtype))]),
  // text (opset 20)
  row('StringConcat', 2, (site) => [elementwise(site)]),
  row('RegexFullMatch', 1, ({ types: [x] }) => [withDtype(x, 'bool')]),
];

/**
 * The broadcast of all inputs, with the element type of the first that has one or with `dtype`.
 * Before opset 7 the second input was stretched along an axis, which leaves the shape of the first.
 */
export function elementwise(site: Site, dtype?: DataType): ValueType {
  const { node, types, opset } = site;
  const element = dtype ?? types.find((type) => type.dtype !== undefined)?.dtype;
  if (opset < 7 && node.domain === '') return tensorType(element, typeAt(site, 0).dims);
  const dims = types.reduce<Dims | undefined>((sum, { dims: next }, index) => {
    if (index === 0) return next;
    if (sum === undefined || next === undefined) return undefined;
    return broadcast(sum, next) ?? fail(node, `cannot combine ${show(sum)} with ${show(next)}`);
  }, undefined);
  return tensorType(element, dims);
}

function withoutDims(dtype: DataType | undefined): Pick<ValueType, 'dtype'> {
  return dtype === undefined ? {} : { dtype };
}
