/** Elements in the typed fields of TensorProto (float_data, int32_data …), so that a file comes back as it was. */
import type { MessageWriter } from './protobuf-writer.ts';
import type { DataType, Tensor } from './types.ts';

/** The field in which protobuf keeps elements of a type, when not as raw data. */
const fieldsByType: Partial<Record<DataType, number>> = {
  float32: 4,
  complex64: 4,
  ...Object.fromEntries(
    (
      ['int32', 'int16', 'int8', 'uint16', 'uint8', 'bool', 'float16', 'bfloat16', 'int4', 'uint4'] as const
    ).map((dtype) => [dtype, 5]),
  ),
  ...Object.fromEntries(
    (
      [
        'float8e4m3fn',
        'float8e4m3fnuz',
        'float8e5m2',
        'float8e5m2fnuz',
        'float8e8m0',
        'float4e2m1',
        'uint2',
        'int2',
      ] as const
    ).map((dtype) => [dtype, 5]),
  ),
  int64: 7,
  float64: 10,
  complex128: 10,
  uint32: 11,
  uint64: 11,
};

/** How to write a tensor's elements into the typed field that they came from; undefined when they came from raw data. */
export function typedData(
  tensor: Tensor,
): { readonly field: number; readonly write: (writer: MessageWriter) => void } | undefined {
  const { dataField: field, dtype, bytes } = tensor;
  if (field === undefined || field !== fieldsByType[dtype]) return undefined;
  return {
    field,
    write: (writer) => {
      if (field === 4 || field === 10) writer.bytes(field, bytes);
      else writer.packedInts(field, integersOf(dtype, bytes));
    },
  };
}

/** Integers as protobuf stores them: signed types with their sign, bits of the others as they are. */
function integersOf(
  dtype: DataType,
  bytes: Uint8Array,
): ArrayLike<number | bigint> & Iterable<number | bigint> {
  const copy = bytes.slice().buffer;
  switch (dtype) {
    case 'int64':
      return new BigInt64Array(copy);
    case 'uint64':
      return new BigUint64Array(copy);
    case 'int32':
      return new Int32Array(copy);
    case 'uint32':
      return new Uint32Array(copy);
    case 'int16':
      return new Int16Array(copy);
    case 'uint16':
    case 'float16':
    case 'bfloat16':
      return new Uint16Array(copy);
    case 'int8':
      return new Int8Array(copy);
    default:
      return new Uint8Array(copy);
  }
}
