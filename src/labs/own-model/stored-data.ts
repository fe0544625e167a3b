/** Elements of stored tensors as arrays. */
import { smallFloatDecoder } from '../../engine/onnx/small-floats.ts';
import { bitsPerElement, type Tensor } from '../../engine/onnx/types.ts';
import type { AnyData } from '../../engine/runtime/any-session.ts';

type ArrayOf = new (buffer: ArrayBuffer) => Exclude<AnyData, readonly string[]>;

const arrays: Partial<Record<Tensor['dtype'], ArrayOf>> = {
  float32: Float32Array,
  float64: Float64Array,
  int8: Int8Array,
  uint8: Uint8Array,
  bool: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  float16: Uint16Array,
  bfloat16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int64: BigInt64Array,
  uint64: BigUint64Array,
};

/** The elements of a tensor whose bytes are in memory; types below 8 bits and rare floats as numbers, texts as texts. */
export function elementsOf({ dtype, bytes, strings }: Tensor): AnyData {
  if (dtype === 'string') return (strings ?? []).map((text) => new TextDecoder().decode(text));
  // a copy: the bytes may begin anywhere in their file
  const copy = bytes.slice().buffer;
  const array = arrays[dtype];
  if (array) return new array(copy);
  const decode = smallFloatDecoder(dtype) ?? signedBits(dtype);
  const numbers = new Float32Array(Math.floor((bytes.length * 8) / (bitsPerElement[dtype] || 8)));
  return numbers.map((_, index) => decode(bitsAt(bytes, index, bitsPerElement[dtype] || 8)));
}

/** Elements below 8 bits are packed, low bits first. */
function bitsAt(bytes: Uint8Array, index: number, bits: number): number {
  const perByte = 8 / bits;
  if (perByte < 1) return bytes[index * (bits / 8)];
  return (bytes[Math.floor(index / perByte)] >> ((index % perByte) * bits)) & (2 ** bits - 1);
}

function signedBits(dtype: Tensor['dtype']): (bits: number) => number {
  const width = bitsPerElement[dtype];
  const isSigned = dtype === 'int4' || dtype === 'int2';
  return (bits) => (isSigned && bits >= 2 ** (width - 1) ? bits - 2 ** width : bits);
}
