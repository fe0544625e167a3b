import { OnnxError } from './onnx-error.ts';
import type { Tensor } from './types.ts';

/** The elements of a float32 tensor: a view of its bytes where they are aligned, a copy otherwise. */
export function float32Values(tensor: Tensor): Float32Array {
  expectType(tensor, 'float32');
  const { buffer, byteOffset, byteLength } = aligned(tensor.bytes, 4);
  return new Float32Array(buffer, byteOffset, byteLength / 4);
}

/** The elements of an int8 tensor, as a view. */
export function int8Values(tensor: Tensor): Int8Array {
  expectType(tensor, 'int8');
  const { buffer, byteOffset, byteLength } = tensor.bytes;
  return new Int8Array(buffer, byteOffset, byteLength);
}

/** The elements of any 8-, 16-, 32- or 64-bit integer or float32 or float64 tensor as numbers; int64 is rounded beyond 2^53. */
export function numberValues(tensor: Tensor): number[] {
  expectInMemory(tensor);
  const reader = elementReaders[tensor.dtype];
  if (reader === undefined)
    throw new OnnxError(
      `The tensor "${tensor.name}" holds ${tensor.dtype}, which cannot be read as numbers here.`,
    );
  const { bytes } = tensor;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.byteLength / reader.size }, (_, index) =>
    reader.read(view, index * reader.size),
  );
}

/** A float32 tensor over `values`, shared and not copied. */
export function float32Tensor(
  name: string,
  dims: readonly number[],
  values: Float32Array | readonly number[],
): Tensor {
  return {
    name,
    dtype: 'float32',
    dims,
    bytes: bytesOf(values instanceof Float32Array ? values : Float32Array.from(values)),
  };
}

/** A float64 tensor over a copy of `values`. */
export function float64Tensor(name: string, dims: readonly number[], values: readonly number[]): Tensor {
  return { name, dtype: 'float64', dims, bytes: bytesOf(Float64Array.from(values)) };
}

/** An int8 tensor over `values`, shared and not copied. */
export function int8Tensor(name: string, dims: readonly number[], values: Int8Array): Tensor {
  return { name, dtype: 'int8', dims, bytes: bytesOf(values) };
}

/** A uint8 tensor over `values`, shared and not copied. */
export function uint8Tensor(name: string, dims: readonly number[], values: Uint8Array): Tensor {
  return { name, dtype: 'uint8', dims, bytes: values };
}

/** An int32 tensor over `values`, shared and not copied. */
export function int32Tensor(name: string, dims: readonly number[], values: Int32Array): Tensor {
  return { name, dtype: 'int32', dims, bytes: bytesOf(values) };
}

/** An int64 tensor, as shapes and axes are stored. */
export function int64Tensor(name: string, dims: readonly number[], values: readonly number[]): Tensor {
  return { name, dtype: 'int64', dims, bytes: bytesOf(BigInt64Array.from(values, (value) => BigInt(value))) };
}

interface ElementReader {
  readonly size: number;
  readonly read: (view: DataView, at: number) => number;
}

const elementReaders: Partial<Record<Tensor['dtype'], ElementReader>> = {
  float32: { size: 4, read: (view, at) => view.getFloat32(at, true) },
  float64: { size: 8, read: (view, at) => view.getFloat64(at, true) },
  int8: { size: 1, read: (view, at) => view.getInt8(at) },
  uint8: { size: 1, read: (view, at) => view.getUint8(at) },
  bool: { size: 1, read: (view, at) => view.getUint8(at) },
  int16: { size: 2, read: (view, at) => view.getInt16(at, true) },
  uint16: { size: 2, read: (view, at) => view.getUint16(at, true) },
  int32: { size: 4, read: (view, at) => view.getInt32(at, true) },
  uint32: { size: 4, read: (view, at) => view.getUint32(at, true) },
  int64: { size: 8, read: (view, at) => Number(view.getBigInt64(at, true)) },
  uint64: { size: 8, read: (view, at) => Number(view.getBigUint64(at, true)) },
};

function expectType(tensor: Tensor, dtype: Tensor['dtype']): void {
  expectInMemory(tensor);
  if (tensor.dtype !== dtype)
    throw new OnnxError(`The tensor "${tensor.name}" holds ${tensor.dtype} where ${dtype} was expected.`);
}

function expectInMemory({ name, place, external }: Tensor): void {
  if (place !== undefined)
    throw new OnnxError(`The elements of "${name}" have not been read from their file yet.`);
  if (external !== undefined)
    throw new OnnxError(`The elements of "${name}" are in another file, which was not opened.`);
}

// not slice(): on a Node Buffer that makes another view
function aligned(bytes: Uint8Array, alignment: number): Uint8Array {
  return bytes.byteOffset % alignment === 0 ? bytes : new Uint8Array(bytes);
}

function bytesOf(values: Float32Array | Float64Array | Int8Array | Int32Array | BigInt64Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
