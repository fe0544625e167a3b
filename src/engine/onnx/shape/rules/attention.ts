/** Attention and positions of the default domain (opset 23), and what takes the place of attention (27). */
import { addDims, floorDivideDims, multiplyDims, subtractDims } from '../../dimensions.ts';
import { intAttribute } from '../../graph-index.ts';
import type { Dim } from '../../types.ts';
import { dimAt, likeFirst, row, typeAt, withDims } from '../rule.ts';
import type { NamedRow, Site } from '../rule.ts';
import type { ValueType } from '../value-type.ts';

export const attentionRows: readonly NamedRow[] = [
  row('Attention', 3, attention),
  row('RotaryEmbedding', 3, likeFirst),
  row('LinearAttention', 3, linearAttention),
  row('CausalConvWithState', 2, ({ types: [x, weight] }) => [
    x,
    withDims(x, x.dims && [x.dims[0], dimAt(x, 1), subtractDims(dimAt(weight, 2), 1)]),
  ]),
];

/**
 * Query, key, value as [batch, heads, tokens, head size] or [batch, tokens, heads · head size]; mask, past key, past value.
 * Outputs: the result, present key and value, and the products of query and key.
 */
function attention(site: Site): ValueType[] {
  const { node } = site;
  const [query, key, value] = [typeAt(site, 0), typeAt(site, 1), typeAt(site, 2)];
  if (query.dims === undefined || key.dims === undefined || value.dims === undefined)
    return [{ ...(query.dtype && { dtype: query.dtype }) }];
  const packed = query.dims.length === 3;
  const heads = packed ? intAttribute(node, 'q_num_heads', 1) : dimAt(query, 1);
  const keyHeads = packed ? intAttribute(node, 'kv_num_heads', 1) : dimAt(key, 1);
  const tokens = (type: ValueType): Dim => dimAt(type, packed ? 1 : 2);
  const headSize = (type: ValueType, count: Dim): Dim =>
    packed ? floorDivideDims(dimAt(type, 2), count) : dimAt(type, 3);
  const valueSize = headSize(value, keyHeads);
  const past = typeAt(site, 4).dims;
  const total = past === undefined ? (site.has(4) ? '?' : tokens(key)) : addDims([past[2], tokens(key)]);
  const [batch] = query.dims;
  return [
    withDims(
      query,
      packed
        ? [batch, tokens(query), multiplyDims([heads, valueSize])]
        : [batch, heads, tokens(query), valueSize],
    ),
    withDims(key, [batch, keyHeads, total, headSize(key, keyHeads)]),
    withDims(value, [batch, keyHeads, total, valueSize]),
    withDims(query, [batch, heads, tokens(query), total]),
  ];
}

/** Query, key, value as [batch, tokens, heads · size] → the result and a state [batch, heads, key size, value size]. */
function linearAttention({ node, types: [query, key, value] }: Site): ValueType[] {
  const [heads, keyHeads] = [intAttribute(node, 'q_num_heads', 1), intAttribute(node, 'kv_num_heads', 1)];
  const [keySize, valueSize] = [key, value].map((type) => floorDivideDims(dimAt(type, 2), keyHeads));
  return [
    withDims(query, [dimAt(query, 0), dimAt(query, 1), multiplyDims([heads, valueSize])]),
    withDims(query, [dimAt(query, 0), keyHeads, keySize, valueSize]),
  ];
}
