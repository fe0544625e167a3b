/** One shape rule per operator; a new operator is a new row. Layout of pictures: NCHW. */
import { addDims, broadcast, divideDims, multiplyDims, sameDim } from './dimensions.ts';
import type { Dims } from './dimensions.ts';
import { describeNode, intAttribute, intsAttribute, tensorAttribute } from './graph-index.ts';
import { OnnxError } from './onnx-error.ts';
import type { RuleInputs, ShapeRule, ValueType } from './shapes.ts';
import { outputSize, windowOf } from './spatial.ts';
import type { DataType, Dim } from './types.ts';
import { dataTypesByNumber } from './types.ts';

interface Row {
  readonly rule: ShapeRule;
  /** Inputs without which the operator makes no sense. */
  readonly leastInputs: number;
}

/** Rules by operator name; operators of other domains are written "domain.Operator". */
export const shapeRules: ReadonlyMap<string, Row> = new Map<string, Row>([
  ...[
    'Relu',
    'LeakyRelu',
    'Sigmoid',
    'HardSigmoid',
    'HardSwish',
    'Tanh',
    'Erf',
    'Exp',
    'Log',
    'Sqrt',
    'Neg',
  ].map(likeFirst),
  ...['Abs', 'Reciprocal', 'Floor', 'Ceil', 'Softmax', 'LogSoftmax', 'Identity', 'Clip', 'PRelu', 'LRN'].map(
    likeFirst,
  ),
  ...['Add', 'Sub', 'Mul', 'Div', 'Pow', 'Min', 'Max', 'Sum'].map(elementwise),
  row('Dropout', 1, ({ types: [x] }) => [x, { ...x, dtype: 'bool' }]),
  row('BatchNormalization', 5, batchNormalization),
  row('Conv', 2, convolution),
  row('MaxPool', 1, (inputs) => [pooling(inputs), { ...pooling(inputs), dtype: 'int64' }]),
  row('AveragePool', 1, (inputs) => [pooling(inputs)]),
  row('GlobalAveragePool', 1, globalPooling),
  row('GlobalMaxPool', 1, globalPooling),
  row('Flatten', 1, flatten),
  row('Reshape', 1, reshape),
  row('Transpose', 1, transpose),
  row('Concat', 1, concat),
  row('Gemm', 2, gemm),
  row('MatMul', 2, matMul),
  row('Cast', 1, ({ node, types: [x] }) => [
    withDtype(x, dataTypesByNumber.get(intAttribute(node, 'to', 0))),
  ]),
  row('Constant', 0, constant),
  row('DequantizeLinear', 2, ({ types: [x, scale] }) => [withDtype(x, scale.dtype ?? 'float32')]),
  row('QuantizeLinear', 2, ({ types }) => [withDtype(types[0], types.length > 2 ? types[2].dtype : 'uint8')]),
]);

function row(opType: string, leastInputs: number, rule: ShapeRule): [string, Row] {
  return [opType, { rule, leastInputs }];
}

function withDtype(type: ValueType, dtype: DataType | undefined): ValueType {
  return { ...(type.dims && { dims: type.dims }), ...(dtype && { dtype }) };
}

function likeFirst(opType: string): [string, Row] {
  return row(opType, 1, ({ types: [x] }) => [x]);
}

function elementwise(opType: string): [string, Row] {
  return row(opType, 1, ({ node, types }) => {
    const dtype = types.find((type) => type.dtype !== undefined)?.dtype;
    const dims = types.reduce<Dims | undefined>((sum, { dims: next }, index) => {
      if (index === 0) return next;
      if (sum === undefined || next === undefined) return undefined;
      return broadcast(sum, next) ?? fail(node, `cannot combine ${show(sum)} with ${show(next)}`);
    }, undefined);
    return [{ ...(dtype && { dtype }), ...(dims && { dims }) }];
  });
}

function batchNormalization({ node, types: [x, scale] }: RuleInputs): ValueType[] {
  if (x.dims !== undefined && scale.dims !== undefined)
    expectSame(node, 'channels', x.dims[1], scale.dims[0]);
  return [x];
}

function convolution({ node, types: [x, weight] }: RuleInputs): ValueType[] {
  if (x.dims === undefined || weight.dims === undefined) return [unshaped(x)];
  const kernel = weight.dims.slice(2);
  if (
    x.dims.length !== weight.dims.length ||
    kernel.length === 0 ||
    !kernel.every((size) => typeof size === 'number')
  ) {
    return fail(node, `cannot slide weights ${show(weight.dims)} over ${show(x.dims)}`);
  }
  const groups = intAttribute(node, 'group', 1);
  expectSame(node, 'input channels', x.dims[1], multiplyDims([weight.dims[1], groups]));
  const window = windowOf(node, kernel.length, kernel);
  const sizes = kernel.map((_, axis) => outputSize(window, axis, dimAt(x, axis + 2), node));
  return [{ ...unshaped(x), dims: [x.dims[0], weight.dims[0], ...sizes] }];
}

function pooling({ node, types: [x] }: RuleInputs): ValueType {
  if (x.dims === undefined) return unshaped(x);
  if (x.dims.length < 3) return fail(node, `cannot pool ${show(x.dims)}, which has no spatial axes`);
  const window = windowOf(node, x.dims.length - 2);
  const sizes = window.kernel.map((_, axis) => outputSize(window, axis, dimAt(x, axis + 2), node));
  return { ...unshaped(x), dims: [...x.dims.slice(0, 2), ...sizes] };
}

function globalPooling({ types: [x] }: RuleInputs): ValueType[] {
  return [x.dims === undefined ? x : { ...x, dims: x.dims.map((dim, axis) => (axis < 2 ? dim : 1)) }];
}

function flatten({ node, types: [x] }: RuleInputs): ValueType[] {
  if (x.dims === undefined) return [x];
  const axis = normaliseAxis(node, intAttribute(node, 'axis', 1), x.dims.length, true);
  return [{ ...x, dims: [multiplyDims(x.dims.slice(0, axis)), multiplyDims(x.dims.slice(axis))] }];
}

function reshape({ node, types: [x], contents, opset }: RuleInputs): ValueType[] {
  // before opset 5 the shape was an attribute
  const target = opset < 5 ? intsAttribute(node, 'shape') : contents(1);
  if (x.dims === undefined || target === undefined) return [unshaped(x)];
  const from = x.dims;
  const keepZero = intAttribute(node, 'allowzero', 0) === 1;
  const dims = target.map((size, axis): Dim => (size === 0 && !keepZero ? dimAt(x, axis) : size));
  const open = dims.indexOf(-1);
  if (dims.some((size, axis) => typeof size === 'number' && size < 0 && axis !== open)) {
    return fail(node, `cannot make the shape [${target.join(', ')}]`);
  }
  if (open >= 0)
    dims[open] = divideDims(
      from,
      dims.filter((_, axis) => axis !== open),
    );
  const before = multiplyDims(from);
  const after = multiplyDims(dims);
  if (typeof before === 'number' && (after === '?' || (typeof after === 'number' && before !== after))) {
    return fail(node, `cannot reshape ${show(from)} to [${target.join(', ')}]`);
  }
  return [{ ...x, dims }];
}

function transpose({ node, types: [x] }: RuleInputs): ValueType[] {
  if (x.dims === undefined) return [x];
  const order = intsAttribute(node, 'perm') ?? x.dims.map((_, axis, { length }) => length - 1 - axis);
  const isPermutation =
    order.length === x.dims.length && [...order].sort((a, b) => a - b).every((axis, at) => axis === at);
  if (!isPermutation) return fail(node, `cannot reorder ${show(x.dims)} by [${order.join(', ')}]`);
  return [{ ...x, dims: order.map((axis) => dimAt(x, axis)) }];
}

function concat({ node, types }: RuleInputs): ValueType[] {
  const [first] = types;
  const shapes = types.flatMap(({ dims }) => (dims === undefined ? [] : [dims]));
  if (shapes.length < types.length || first.dims === undefined) return [unshaped(first)];
  const rank = first.dims.length;
  const axis = normaliseAxis(node, intAttribute(node, 'axis', 0), rank);
  const odd = shapes.find((dims) => dims.length !== rank);
  if (odd !== undefined) return fail(node, `cannot join ${show(first.dims)} with ${show(odd)}`);
  return [
    {
      ...first,
      dims: first.dims.map((dim, at) => (at === axis ? addDims(shapes.map((dims) => dims[axis])) : dim)),
    },
  ];
}

function gemm({ node, types: [a, b] }: RuleInputs): ValueType[] {
  if (a.dims === undefined || b.dims === undefined) return [unshaped(a)];
  if (a.dims.length !== 2 || b.dims.length !== 2)
    return fail(node, `needs two matrices, got ${show(a.dims)} and ${show(b.dims)}`);
  const [rows, inner] = intAttribute(node, 'transA', 0) ? [a.dims[1], a.dims[0]] : a.dims;
  const [innerOfB, columns] = intAttribute(node, 'transB', 0) ? [b.dims[1], b.dims[0]] : b.dims;
  expectSame(node, 'inner sizes', inner, innerOfB);
  return [{ ...a, dims: [rows, columns] }];
}

function matMul({ node, types: [a, b] }: RuleInputs): ValueType[] {
  if (a.dims === undefined || b.dims === undefined) return [unshaped(a)];
  if (a.dims.length === 0 || b.dims.length === 0) return fail(node, 'cannot multiply scalars');
  // a vector counts as one row on the left and one column on the right, and that axis then goes away
  const left = a.dims.length === 1 ? [1, ...a.dims] : a.dims;
  const right = b.dims.length === 1 ? [...b.dims, 1] : b.dims;
  expectSame(node, 'inner sizes', left[left.length - 1], right[right.length - 2]);
  const batch = broadcast(left.slice(0, -2), right.slice(0, -2));
  if (batch === undefined) return fail(node, `cannot multiply ${show(a.dims)} by ${show(b.dims)}`);
  const rows = a.dims.length === 1 ? [] : [left[left.length - 2]];
  const columns = b.dims.length === 1 ? [] : [right[right.length - 1]];
  return [{ ...a, dims: [...batch, ...rows, ...columns] }];
}

function constant({ node }: RuleInputs): ValueType[] {
  const tensor = tensorAttribute(node, 'value');
  if (tensor !== undefined) return [{ dtype: tensor.dtype, dims: tensor.dims }];
  const short: readonly [string, DataType][] = [
    ['value_float', 'float32'],
    ['value_int', 'int64'],
    ['value_string', 'string'],
  ];
  for (const [name, dtype] of short) {
    if (node.attributes.has(name)) return [{ dtype, dims: [] }];
    const list = node.attributes.get(`${name}s`);
    if (list !== undefined && Array.isArray(list.value)) return [{ dtype, dims: [list.value.length] }];
  }
  return [];
}

function unshaped({ dtype }: ValueType): ValueType {
  return dtype === undefined ? {} : { dtype };
}

function dimAt({ dims = [] }: ValueType, axis: number): Dim {
  return dims[axis] ?? '?';
}

function normaliseAxis(node: RuleInputs['node'], axis: number, rank: number, endAllowed = false): number {
  const positive = axis < 0 ? axis + rank : axis;
  if (positive >= 0 && positive < rank + (endAllowed ? 1 : 0)) return positive;
  return fail(node, `works along axis ${axis}, but its input has ${rank} axes`);
}

function expectSame(node: RuleInputs['node'], what: string, a: Dim | undefined, b: Dim | undefined): void {
  if (typeof a === 'number' && typeof b === 'number' && !sameDim(a, b))
    fail(node, `has ${what} that differ: ${a} and ${b}`);
}

function show(dims: Dims): string {
  return `[${dims.join(', ')}]`;
}

function fail(node: RuleInputs['node'], problem: string): never {
  throw new OnnxError(`${describeNode(node)} ${problem}.`);
}
