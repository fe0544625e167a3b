/** The elements of a stored tensor as JavaScript's numbers, whatever its type. */
import { OnnxError } from './onnx-error.ts';
import { decodeUtf8 } from './protobuf.ts';
import { sizeProblem } from './read-tensor.ts';
import { smallFloatDecoder } from './small-floats.ts';
import type { DataType, Tensor } from './types.ts';
import { bitsPerElement } from './types.ts';

/** Elements in row-major order. */
export type TensorValues =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | readonly string[];

/**
 * The elements of a tensor, copied: integers in the array of their own width (2- and 4-bit ones in 8 bits, bool as 0 and 1), floats
 * below 32 bits as float32 (exact), complex numbers as real and imaginary parts in turn, texts as strings.
 * @throws OnnxError when the elements have not been read from their file, are too few or too many, or a text is not UTF-8.
 */
export function readValues(tensor: Tensor): TensorValues {
  expectElements(tensor);
  const { dtype, bytes } = tensor;
  if (dtype === 'string') return (tensor.strings ?? []).map((text, index) => textOf(tensor, text, index));
  const decode = smallFloatDecoder(dtype);
  const bits = bitsPerElement[dtype];
  if (decode !== undefined) {
    const patterns = bits === 16 ? new Uint16Array(copyOf(bytes)) : unpackBits(tensor, false);
    return Float32Array.from(patterns, decode);
  }
  if (bits < 8) return unpackBits(tensor, dtype.startsWith('int'));
  return wholeBytes(dtype, copyOf(bytes));
}

/**
 * The elements of a tensor of numbers as plain numbers; 64-bit integers beyond 2^53 are rounded.
 * @throws OnnxError as readValues does, and for texts and complex numbers.
 */
export function readNumbers(tensor: Tensor): Float64Array {
  const values = readValues(tensor);
  if (Array.isArray(values) || tensor.dtype.startsWith('complex'))
    throw new OnnxError(`The tensor "${tensor.name}" holds ${tensor.dtype}, which are no plain numbers.`);
  return Float64Array.from(values as ArrayLike<number>, Number);
}

/** @throws OnnxError unless the elements are in memory and as many as the dimensions say. */
function expectElements(tensor: Tensor): void {
  if (tensor.place !== undefined || tensor.external !== undefined) {
    throw new OnnxError(`The elements of "${tensor.name}" are still in their file.`, {
      advice: 'Load the weights first.',
    });
  }
  const problem = sizeProblem(tensor);
  if (problem !== undefined) throw new OnnxError(`The model holds ${problem}.`);
}

function textOf({ name }: Tensor, text: Uint8Array, index: number): string {
  const decoded = decodeUtf8(text);
  if (decoded === undefined)
    throw new OnnxError(`Element ${index} of the tensor "${name}" is a text that is not UTF-8.`);
  return decoded;
}

function wholeBytes(dtype: DataType, buffer: ArrayBuffer): TensorValues {
  switch (dtype) {
    case 'float32':
    case 'complex64':
      return new Float32Array(buffer);
    case 'float64':
    case 'complex128':
      return new Float64Array(buffer);
    case 'int8':
      return new Int8Array(buffer);
    case 'int16':
      return new Int16Array(buffer);
    case 'uint16':
      return new Uint16Array(buffer);
    case 'int32':
      return new Int32Array(buffer);
    case 'uint32':
      return new Uint32Array(buffer);
    case 'int64':
      return new BigInt64Array(buffer);
    case 'uint64':
      return new BigUint64Array(buffer);
    default:
      return new Uint8Array(buffer);
  }
}

/** Elements of at most 8 bits, packed from the low bits up. */
function unpackBits({ dtype, dims, bytes }: Tensor, isSigned: boolean): Int8Array | Uint8Array {
  const bits = bitsPerElement[dtype];
  const perByte = 8 / bits;
  const count = dims.reduce((product, size) => product * size, 1);
  const values = new (isSigned ? Int8Array : Uint8Array)(count);
  for (let index = 0; index < count; index++) {
    const shift = (index % perByte) * bits;
    const pattern = (bytes[Math.floor(index / perByte)] >> shift) & (2 ** bits - 1);
    values[index] = isSigned && pattern >= 2 ** (bits - 1) ? pattern - 2 ** bits : pattern;
  }
  return values;
}

/** A copy, so that any alignment will do; typed arrays use the machine's byte order, which is little-endian wherever pages run. */
function copyOf(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}
