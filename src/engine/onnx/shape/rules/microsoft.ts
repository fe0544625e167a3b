/** The operators of com.microsoft that ONNX Runtime's optimisers, quantiser and model builder write into files. */
import { addDims, divideDims, floorDivideDims, multiplyDims } from '../../dimensions.ts';
import { intAttribute } from '../../graph-index.ts';
import type { Dim } from '../../types.ts';
import {
  dimAt,
  likeFirst,
  normaliseAxis,
  row,
  rows,
  typeAt,
  unshaped,
  withDims,
  withDtype,
} from '../rule.ts';
import type { NamedRow, Site } from '../rule.ts';
import { tensorType } from '../value-type.ts';
import type { ValueType } from '../value-type.ts';
import { convolution, pooling } from './convolutions.ts';
import { elementwise } from './elementwise.ts';
import { gemm, matMul } from './matrices.ts';
import { quantize } from './quantization.ts';
import { recurrent } from './recurrent.ts';

const named: readonly NamedRow[] = [
  ...rows('Gelu FastGelu BiasGelu QuickGelu BiasAdd BiasDropout Trilu GroupNorm', 1, likeFirst),
  ...rows('QLinearSigmoid QLinearLeakyRelu QLinearSoftmax', 2, likeFirst),
  // x, skip, weight … → result, mean, deviation, sum of x and skip
  ...rows('SkipLayerNormalization SkipSimplifiedLayerNormalization SkipGroupNorm', 2, skipNormalization),
  row('EmbedLayerNormalization', 3, (site) => embedding(site, 'float32')),
  row('QEmbedLayerNormalization', 3, (site) => embedding(site, 'float32')),
  row('Attention', 2, (site) => packedAttention(site, 4)),
  row('QAttention', 3, (site) => packedAttention(site, 8)),
  row('MultiHeadAttention', 1, multiHeadAttention),
  row('GroupQueryAttention', 1, groupQueryAttention),
  row('RotaryEmbedding', 2, likeFirst),
  row('FusedConv', 2, (site) => [convolution(site)]),
  row('QLinearConv', 8, (site) => [convolution(site, 3, typeAt(site, 7).dtype)]),
  ...rows('FusedGemm GemmFastGelu', 2, (site) => [gemm(site)]),
  ...rows('FusedMatMul TransposeMatMul', 2, (site) => [fusedMatMul(site)]),
  row('FusedMatMulActivation', 2, (site) => [matMul(site)]),
  row('QGemm', 6, (site) => [withDtype(gemm(site, 3), site.has(8) ? typeAt(site, 8).dtype : 'float32')]),
  row('MatMulIntegerToFloat', 4, (site) => [withDtype(matMul(site), typeAt(site, 2).dtype)]),
  row('DynamicQuantizeMatMul', 3, (site) => [matMul(site)]),
  row('MulInteger', 3, (site) => [
    tensorType('int32', elementwise({ ...site, types: [typeAt(site, 0), typeAt(site, 2)] }).dims),
  ]),
  ...rows('MatMulNBits MatMulBnb4 MatMulFpQ4', 3, ({ node, types: [x] }) => [
    withDims(x, x.dims && [...x.dims.slice(0, -1), intAttribute(node, 'N', 0)]),
  ]),
  // a, its scale and zero point, b, its scale and zero point, those of the result
  ...rows('QLinearAdd QLinearMul', 7, (site) => [
    elementwise({ ...site, types: [typeAt(site, 0), typeAt(site, 3)] }),
  ]),
  row('QLinearWhere', 9, (site) => [
    elementwise({ ...site, types: [typeAt(site, 1), typeAt(site, 0), typeAt(site, 4)] }),
  ]),
  row('QLinearConcat', 5, quantizedConcat),
  row('QLinearAveragePool', 4, (site) => [pooling(site)]),
  row('QLinearGlobalAveragePool', 4, ({ node, types: [x] }) => [
    withDims(
      x,
      x.dims?.map((dim, axis, { length }) => (keptByPooling(node, axis, length) ? dim : 1)),
    ),
  ]),
  row('QLinearReduceMean', 4, quantizedMean),
  row('QuantizeLinear', 2, (site) => [quantize(site)]),
  row('DequantizeLinear', 2, (site) => [withDtype(typeAt(site, 0), typeAt(site, 1).dtype ?? 'float32')]),
  row('DynamicQuantizeLSTM', 3, recurrent),
  row('Inverse', 1, likeFirst),
  row('ExpandDims', 2, (site) => [expandDims(site)]),
  row('CDist', 2, ({ types: [a, b] }) => [withDims(a, [dimAt(a, 0), dimAt(b, 0)])]),
];

/** Rows by name with the domain in front. */
export const microsoftRows: readonly NamedRow[] = named.map(([name, line]) => [
  `com.microsoft.${name}`,
  line,
]);

function skipNormalization(site: Site): ValueType[] {
  const [x, skip] = [typeAt(site, 0), typeAt(site, 1)];
  const whole = (x.dims?.length ?? 0) >= (skip.dims?.length ?? 0) ? x : skip;
  const statistics = tensorType('float32', whole.dims && [...whole.dims.slice(0, -1), 1]);
  return [whole, statistics, statistics, whole];
}

/** Ids [batch, tokens], segment ids, word, position and segment tables … → embeddings, mask lengths, their sum. */
function embedding(site: Site, otherwise: 'float32'): ValueType[] {
  const [ids, words] = [typeAt(site, 0), typeAt(site, 2)];
  const scaled = words.dtype === 'uint8' || words.dtype === 'int8';
  const dims = ids.dims && [...ids.dims, dimAt(words, 1)];
  const result = tensorType(scaled ? otherwise : words.dtype, dims);
  return [result, tensorType('int32', [dimAt(ids, 0)]), result];
}

/** x [batch, tokens, width], weight [width, 3 · hidden] → [batch, tokens, hidden] and the present keys and values. */
function packedAttention(site: Site, pastAt: number): ValueType[] {
  const { node } = site;
  const [x, weight] = [typeAt(site, 0), typeAt(site, 1)];
  const heads = intAttribute(node, 'num_heads', 1);
  const split = node.attributes.get('qkv_hidden_sizes');
  const sizes = split?.type === 'ints' ? split.value : undefined;
  const third = divideDims([dimAt(weight, 1)], [3]);
  const [keys, values]: readonly Dim[] = sizes === undefined ? [third, third] : [sizes[1], sizes[2]];
  // scales and biases may be float16 where the input is an integer
  const dtype = pastAt === 8 ? typeAt(site, 3).dtype : x.dtype;
  if (x.dims === undefined) return [tensorType(dtype, undefined)];
  const past = typeAt(site, pastAt).dims;
  const total = past === undefined ? (site.has(pastAt) ? '?' : dimAt(x, 1)) : addDims([past[3], dimAt(x, 1)]);
  return [
    tensorType(dtype, [x.dims[0], dimAt(x, 1), values]),
    tensorType(dtype, [2, x.dims[0], heads, total, floorDivideDims(keys, heads)]),
  ];
}

/** Query [batch, tokens, hidden] (or packed with key and value, 5 axes), key, value …, past key and value at 6 and 7. */
function multiHeadAttention(site: Site): ValueType[] {
  const { node } = site;
  const [query, key, value] = [typeAt(site, 0), typeAt(site, 1), typeAt(site, 2)];
  if (query.dims === undefined) return [unshaped(query)];
  const heads = intAttribute(node, 'num_heads', 1);
  if (query.dims.length === 5)
    return [withDims(query, [query.dims[0], query.dims[1], multiplyDims([query.dims[2], query.dims[4]])])];
  const [batch, tokens, hidden] = query.dims;
  const cross = value.dims?.length === 4;
  const width = cross ? multiplyDims([dimAt(value, 1), dimAt(value, 3)]) : (value.dims?.[2] ?? hidden);
  const keyTokens = dimAt(key, key.dims?.length === 4 ? 2 : 1);
  const past = typeAt(site, 6).dims;
  const total = past === undefined ? keyTokens : addDims([past[2], keyTokens]);
  return [
    withDims(query, [batch, tokens, width]),
    withDims(query, [batch, heads, total, floorDivideDims(hidden, heads)]),
    withDims(query, [batch, heads, total, floorDivideDims(width, heads)]),
  ];
}

/** Query, key, value, past key, past value … ; query may hold all three. */
function groupQueryAttention(site: Site): ValueType[] {
  const { node } = site;
  const query = typeAt(site, 0);
  if (query.dims === undefined) return [unshaped(query)];
  const [heads, keyHeads] = [intAttribute(node, 'num_heads', 1), intAttribute(node, 'kv_num_heads', 1)];
  const [batch, tokens, width] = query.dims;
  const size = floorDivideDims(width, site.has(1) ? heads : heads + 2 * keyHeads);
  const past = typeAt(site, 3).dims;
  // past and present may share one buffer of the longest length
  const present = withDims(query, [batch, keyHeads, past === undefined ? tokens : '?', size]);
  return [withDims(query, [batch, tokens, multiplyDims([size, heads])]), present, present];
}

function fusedMatMul(site: Site): ValueType {
  const { node } = site;
  const swapped = (type: ValueType, name: string): ValueType => {
    if (type.dims === undefined || type.dims.length < 2 || intAttribute(node, name, 0) === 0) return type;
    return withDims(type, [...type.dims.slice(0, -2), dimAt(type, -1), dimAt(type, -2)]);
  };
  return matMul({ ...site, types: [swapped(typeAt(site, 0), 'transA'), swapped(typeAt(site, 1), 'transB')] });
}

/** Scale and zero point of the result, then (tensor, scale, zero point) for each input. */
function quantizedConcat(site: Site): ValueType[] {
  const parts = site.types.slice(2).filter((_, at) => at % 3 === 0);
  const [first] = parts;
  if (first?.dims === undefined) return [first ?? {}];
  const axis = normaliseAxis(site.node, intAttribute(site.node, 'axis', 0), first.dims.length);
  return [
    withDims(
      first,
      first.dims.map((dim, at) => (at === axis ? addDims(parts.map((part) => dimAt(part, axis))) : dim)),
    ),
  ];
}

/** Channels come last where `channels_last` says so. */
function keptByPooling(node: Site['node'], axis: number, rank: number): boolean {
  return axis === 0 || axis === (intAttribute(node, 'channels_last', 0) === 1 ? rank - 1 : 1);
}

function quantizedMean({ node, types: [x] }: Site): ValueType[] {
  const axes = node.attributes.get('axes');
  if (x.dims === undefined) return [x];
  const { dims } = x;
  const reduced =
    axes?.type === 'ints'
      ? axes.value.map((axis) => normaliseAxis(node, axis, dims.length))
      : dims.map((_, axis) => axis);
  const keeps = intAttribute(node, 'keepdims', 1) === 1;
  return [
    withDims(
      x,
      keeps
        ? dims.map((dim, axis) => (reduced.includes(axis) ? 1 : dim))
        : dims.filter((_, axis) => !reduced.includes(axis)),
    ),
  ];
}

function expandDims(site: Site): ValueType {
  const x = typeAt(site, 0);
  const axis = site.numbers(1)?.[0];
  if (x.dims === undefined || axis === undefined) return unshaped(x);
  const at = normaliseAxis(site.node, axis, x.dims.length + 1);
  return withDims(x, [...x.dims.slice(0, at), 1, ...x.dims.slice(at)]);
}
