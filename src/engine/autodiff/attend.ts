/**
 * Attention in operators that have gradients: softmax(scale · Q·Kᵀ) · V (Vaswani et al. 2017, eq. 1), as the ONNX operator Attention
 * defines it (https://onnx.ai/onnx/operators/onnx__Attention.html): softcap before masks, and zeros where a query may see no key.
 */
import { add, concat, expand, keepWhere, multiply, reshape, swapLastAxes, transpose } from './arithmetic.ts';
import type { GraphBuilder } from './graph-builder.ts';

/** What attends to what. */
export interface Attending {
  /** Float [batch, heads, queries, size]. */
  readonly query: string;
  /** Float [batch, key heads, keys, size]; a key head serves heads / key heads heads that follow each other. */
  readonly key: string;
  /** Float [batch, key heads, keys, value size]. */
  readonly value: string;
  readonly scale: number;
  /** Scores are squeezed into ± this; 0: they are not. */
  readonly softcap?: number;
  /** Floats that are added to the scores; they broadcast to [batch, heads, queries, keys]. */
  readonly biases?: readonly string[];
  /** Bool that broadcasts to [batch, heads, queries, keys]: what may be seen; '' is everything. */
  readonly mask?: string;
  /** Whether query i sees key j only up to j ≤ i + keys before it. */
  readonly isCausal: boolean;
  /** Keys that stand before the first query's own; default 0. */
  readonly keysBefore?: number;
}

/** Below every score; that of a row without any key becomes a finite share, which is then taken away. */
const lowest = -3.4028234663852886e38;

/** Appends the attention and returns its result, float [batch, heads, queries, value size]. */
export function attend(b: GraphBuilder, attending: Attending): string {
  const { query, value, scale, softcap = 0, biases = [] } = attending;
  const heads = b.dims(query)[1];
  const keys = swapLastAxes(b, repeatHeads(b, attending.key, heads));
  let scores = b.op('MatMul', [multiply(b, query, scale), keys]);
  if (softcap > 0) scores = multiply(b, b.op('Tanh', [multiply(b, scores, 1 / softcap)]), softcap);
  for (const bias of biases) scores = add(b, scores, bias);
  const seen = visibleKeys(b, attending, b.dims(scores));
  if (seen !== '') scores = b.op('Where', [seen, scores, b.scalar(lowest, scores)]);
  let shares = b.op('Softmax', [scores], { axis: -1 });
  // a mask, unlike causality, may hide every key of a row
  if (attending.mask) shares = keepWhere(b, seen, shares);
  return b.op('MatMul', [shares, repeatHeads(b, value, heads)]);
}

/** Float [batch, tokens, heads · size] → [batch, heads, tokens, size]. */
export function splitHeads(b: GraphBuilder, x: string, heads: number): string {
  const [batch, tokens, width] = b.dims(x);
  return transpose(b, reshape(b, x, [batch, tokens, heads, width / heads]), [0, 2, 1, 3]);
}

/** Float [batch, heads, tokens, size] → [batch, tokens, heads · size]. */
export function joinHeads(b: GraphBuilder, x: string): string {
  const [batch, heads, tokens, size] = b.dims(x);
  return reshape(b, transpose(b, x, [0, 2, 1, 3]), [batch, tokens, heads * size]);
}

/** Keys of the past before those of now, float [batch, heads, tokens, size] each; '' is no past. */
export function afterPast(b: GraphBuilder, past: string, now: string): string {
  return past === '' ? now : concat(b, [past, now], 2);
}

/** Each key head as often as there are heads that it serves. */
function repeatHeads(b: GraphBuilder, x: string, heads: number): string {
  const [batch, keyHeads, tokens, size] = b.dims(x);
  if (keyHeads === heads) return x;
  const apart = reshape(b, x, [batch, keyHeads, 1, tokens, size]);
  const repeated = expand(b, apart, [batch, keyHeads, heads / keyHeads, tokens, size]);
  return reshape(b, repeated, [batch, heads, tokens, size]);
}

/** Bool that broadcasts to the scores' sizes, '' where every query sees every key. */
function visibleKeys(b: GraphBuilder, attending: Attending, dims: readonly number[]): string {
  const { mask = '', isCausal, keysBefore = 0 } = attending;
  const [queries, keys] = dims.slice(-2);
  if (!isCausal || keysBefore >= keys - 1) return mask;
  const bytes = Uint8Array.from({ length: queries * keys }, (_, at) =>
    at % keys <= Math.floor(at / keys) + keysBefore ? 1 : 0,
  );
  const before = b.addInitializer({
    name: b.freshName('causal'),
    dtype: 'bool',
    dims: [queries, keys],
    bytes,
  });
  return mask === '' ? before : b.op('And', [mask, before]);
}
