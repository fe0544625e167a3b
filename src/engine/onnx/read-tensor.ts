import type { MessageReader } from './protobuf.ts';
import { StoredElements } from './stored-elements.ts';
import type { DataType, SparseTensor, Tensor } from './types.ts';
import { bitsPerElement, dataTypesByNumber } from './types.ts';

/** The element type with a number of TensorProto.DataType; fails on 0 and on numbers that ONNX does not define. */
export function readDataType(reader: MessageReader): DataType {
  const at = reader.position;
  const number = reader.uint();
  return dataTypesByNumber.get(number) ?? reader.fail(`has the unknown element type ${number}`, at);
}

/** The number of bytes that `dims` elements of a type take; infinite when the product overflows. */
export function tensorSizeBytes(dtype: DataType, dims: readonly number[]): number {
  return Math.ceil((countElements(dims) * bitsPerElement[dtype]) / 8);
}

/**
 * Reads a TensorProto; the elements become little-endian bytes whichever of its seven data fields holds them. Those that were
 * left in the file become the tensor's `place`.
 */
export function readTensor(reader: MessageReader): Tensor {
  const start = reader.position;
  let name = '';
  let dtype: DataType | undefined;
  let docString: string | undefined;
  let externally = false;
  let dataField: number | undefined;
  const dims: number[] = [];
  const raw = new StoredElements(reader, 'raw');
  const numbers = new StoredElements(reader, 'raw');
  const varints = new StoredElements(reader, 'varints');
  const strings: Uint8Array[] = [];
  const external = new Map<string, string>();
  while (reader.next()) {
    if (isDataField(reader.field)) dataField = reader.field;
    if (reader.field === 1) reader.int64s(dims);
    else if (reader.field === 2) dtype = readDataType(reader);
    else if (reader.field === 4) numbers.add(reader.fixed(4));
    else if (reader.field === 5 || reader.field === 7 || reader.field === 11) varints.add(reader.varints());
    else if (reader.field === 6) strings.push(reader.bytes());
    else if (reader.field === 8) name = reader.string();
    else if (reader.field === 9) raw.add(reader.range());
    else if (reader.field === 10) numbers.add(reader.fixed(8));
    else if (reader.field === 12) docString = reader.string();
    else if (reader.field === 13) readEntry(reader.message('an external-data entry'), external);
    else if (reader.field === 14) externally = reader.uint() === 1;
    else reader.keep();
  }
  const called = name === '' ? 'a tensor without a name' : `the tensor "${name}"`;
  if (dtype === undefined) return reader.fail(`holds ${called} without an element type`, start);
  if (!dims.every((size) => size >= 0))
    reader.fail(`holds ${called} with a negative size in [${dims.join(', ')}]`, start);

  const elements = !raw.isEmpty ? raw : !varints.isEmpty ? varints : numbers;
  const place = elements.place();
  const bytes = place !== undefined || elements.isEmpty ? new Uint8Array(0) : elements.bytes(dtype);
  const tensor: Tensor = {
    name,
    dtype,
    dims,
    bytes,
    ...(dtype === 'string' && { strings }),
    ...(externally && { external }),
    ...(place && { place }),
    ...(raw.isEmpty && !elements.isEmpty && { dataField }),
    ...(docString !== undefined && { docString }),
    ...(reader.unread && { unread: reader.unread }),
  };
  const problem = externally ? undefined : sizeProblem(tensor);
  if (problem !== undefined) reader.fail(`holds ${problem}`, start);
  return tensor;
}

/** Whether a field of TensorProto holds elements by type: float_data, int32_data, int64_data, double_data, uint64_data. */
function isDataField(field: number): boolean {
  return field === 4 || field === 5 || field === 7 || field === 10 || field === 11;
}

/** Reads a SparseTensorProto. */
export function readSparseTensor(reader: MessageReader): SparseTensor {
  const start = reader.position;
  const dims: number[] = [];
  let values: Tensor | undefined;
  let indices: Tensor | undefined;
  while (reader.next()) {
    if (reader.field === 1) values = readTensor(reader.message('the values of a sparse tensor'));
    else if (reader.field === 2) indices = readTensor(reader.message('the indices of a sparse tensor'));
    else if (reader.field === 3) reader.int64s(dims);
    else reader.keep();
  }
  if (values === undefined || indices === undefined) {
    return reader.fail('holds a sparse tensor without values or without indices', start);
  }
  return { values, indices, dims, ...(reader.unread && { unread: reader.unread }) };
}

/** What does not fit in a tensor's stored size, as the end of a sentence; undefined when all is well or nothing is stored here. */
export function sizeProblem(tensor: Tensor): string | undefined {
  const { name, dtype, dims, bytes, strings, place } = tensor;
  // varints say how many they are only when they are read
  if (place?.encoding === 'varints') return undefined;
  const inPlace = place?.ranges.reduce((sum, { length }) => sum + length, 0);
  const stored = dtype === 'string' ? (strings?.length ?? 0) : (inPlace ?? bytes.length);
  const needed = dtype === 'string' ? countElements(dims) : tensorSizeBytes(dtype, dims);
  if (stored === needed) return undefined;
  const called = name === '' ? 'a tensor without a name' : `the tensor "${name}"`;
  const unit = dtype === 'string' ? 'texts' : 'bytes';
  return `${called}, ${dtype} [${dims.join(', ')}], with ${stored} ${unit} where ${needed} belong`;
}

/** Reads a StringStringEntryProto into a map. */
export function readEntry(reader: MessageReader, into: Map<string, string>): void {
  let key = '';
  let value = '';
  while (reader.next()) {
    if (reader.field === 1) key = reader.string();
    else if (reader.field === 2) value = reader.string();
    else reader.keep();
  }
  into.set(key, value);
}

function countElements(dims: readonly number[]): number {
  return dims.reduce((product, size) => product * size, 1);
}
