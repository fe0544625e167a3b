/** Operators that make tensors from shapes, lengths or nothing. */
import { ceilDivideDims, floorDivideDims, addDims, subtractDims } from '../../dimensions.ts';
import { intAttribute, intsAttribute, tensorAttribute } from '../../graph-index.ts';
import type { DataType, Dim } from '../../types.ts';
import { dtypeAttribute, row, rows, typeAt, unknownDims, withDtype } from '../rule.ts';
import type { NamedRow, Site } from '../rule.ts';
import { tensorType } from '../value-type.ts';
import type { ValueType } from '../value-type.ts';

export const generatorRows: readonly NamedRow[] = [
  row('Constant', 0, constant),
  row('ConstantOfShape', 1, constantOfShape),
  row('Shape', 1, shape),
  row('Size', 1, () => [tensorType('int64', [])]),
  row('Range', 3, range),
  row('EyeLike', 1, ({ node, types: [x] }) => [withDtype(x, dtypeAttribute(node, 'dtype', x.dtype))]),
  ...rows('RandomNormal RandomUniform', 0, ({ node }) => [
    tensorType(dtypeAttribute(node, 'dtype', 'float32'), intsAttribute(node, 'shape')),
  ]),
  ...rows('RandomNormalLike RandomUniformLike', 1, ({ node, types: [x] }) => [
    withDtype(x, dtypeAttribute(node, 'dtype', x.dtype)),
  ]),
  row('Multinomial', 1, ({ node, types: [x] }) => [
    tensorType(dtypeAttribute(node, 'dtype', 'int32'), [
      x.dims?.[0] ?? '?',
      intAttribute(node, 'sample_size', 1),
    ]),
  ]),
  // windows of signal processing (opset 17)
  ...rows('HannWindow HammingWindow BlackmanWindow', 1, (site) => [
    tensorType(dtypeAttribute(site.node, 'output_datatype', 'float32'), [site.symbols(0)?.[0] ?? '?']),
  ]),
  row('MelWeightMatrix', 5, (site) => [
    tensorType(dtypeAttribute(site.node, 'output_datatype', 'float32'), [
      addDims([floorDivideDims(site.symbols(1)?.[0] ?? '?', 2), 1]),
      site.symbols(0)?.[0] ?? '?',
    ]),
  ]),
];

/** The short attributes came with opset 12. */
const shortConstants: readonly (readonly [string, DataType])[] = [
  ['value_float', 'float32'],
  ['value_int', 'int64'],
  ['value_string', 'string'],
];

function constant({ node }: Site): ValueType[] {
  const tensor = tensorAttribute(node, 'value');
  if (tensor !== undefined) return [tensorType(tensor.dtype, tensor.dims)];
  const sparse = node.attributes.get('sparse_value');
  if (sparse?.type === 'sparse') return [tensorType(sparse.value.values.dtype, sparse.value.dims)];
  for (const [name, dtype] of shortConstants) {
    if (node.attributes.has(name)) return [tensorType(dtype, [])];
    const list = node.attributes.get(`${name}s`);
    if (list !== undefined && Array.isArray(list.value)) return [tensorType(dtype, [list.value.length])];
  }
  return [];
}

function constantOfShape(site: Site): ValueType[] {
  const dtype = tensorAttribute(site.node, 'value')?.dtype ?? 'float32';
  const rank = typeAt(site, 0).dims?.[0];
  return [tensorType(dtype, site.symbols(0) ?? (typeof rank === 'number' ? unknownDims(rank) : undefined))];
}

/** `start` and `end` (opset 15) pick axes. */
function shape({ node, types: [x] }: Site): ValueType[] {
  if (x.dims === undefined) return [tensorType('int64', ['?'])];
  const start = intAttribute(node, 'start', 0);
  return [tensorType('int64', [x.dims.slice(start, intAttribute(node, 'end', x.dims.length)).length])];
}

function range(site: Site): ValueType[] {
  const [start, limit, delta] = [0, 1, 2].map((position): Dim => site.symbols(position)?.[0] ?? '?');
  return [tensorType(typeAt(site, 0).dtype, [rangeSize(start, limit, delta)])];
}

/** max(ceil((limit − start) / delta), 0); names are taken for limits behind the start. */
export function rangeSize(start: Dim, limit: Dim, delta: Dim): Dim {
  if (typeof delta !== 'number' || delta === 0) return '?';
  if (typeof start === 'number' && typeof limit === 'number')
    return Math.max(0, Math.ceil((limit - start) / delta));
  return Number.isInteger(delta) && delta > 0 ? ceilDivideDims(subtractDims(limit, start), delta) : '?';
}
