import type { MessageReader } from './protobuf.ts';
import { concatenate } from './protobuf.ts';
import type { DataType, Tensor } from './types.ts';
import { bitsPerElement, dataTypesByNumber } from './types.ts';

/** The element type with a number of TensorProto.DataType; fails on 0 and on numbers that ONNX does not define. */
export function readDataType(reader: MessageReader): DataType {
  const at = reader.position;
  const number = reader.uint();
  return dataTypesByNumber.get(number) ?? reader.fail(`has the unknown element type ${number}`, at);
}

/** The number of bytes that `dims` elements of a type take; infinite when the product overflows. */
export function tensorSizeBytes(dtype: DataType, dims: readonly number[]): number {
  const elements = dims.reduce((product, size) => product * size, 1);
  return Math.ceil((elements * bitsPerElement[dtype]) / 8);
}

/** Reads a TensorProto; the elements become little-endian bytes whichever of its seven data fields holds them. */
export function readTensor(reader: MessageReader): Tensor {
  const start = reader.position;
  let name = '';
  let dtype: DataType | undefined;
  let docString: string | undefined;
  let raw: Uint8Array | undefined;
  let externally = false;
  const dims: number[] = [];
  const numbers: Uint8Array[] = [];
  const words: number[] = [];
  const strings: Uint8Array[] = [];
  const external = new Map<string, string>();
  while (reader.next()) {
    if (reader.field === 1) reader.int64s(dims);
    else if (reader.field === 2) dtype = readDataType(reader);
    else if (reader.field === 4) numbers.push(reader.fixed(4));
    else if (reader.field === 5 || reader.field === 7 || reader.field === 11) reader.wordPairs(words);
    else if (reader.field === 6) strings.push(reader.bytes());
    else if (reader.field === 8) name = reader.string();
    else if (reader.field === 9) raw = reader.bytes();
    else if (reader.field === 10) numbers.push(reader.fixed(8));
    else if (reader.field === 12) docString = reader.string();
    else if (reader.field === 13) readEntry(reader.message('an external-data entry'), external);
    else if (reader.field === 14) externally = reader.uint() === 1;
    else reader.keep();
  }
  const called = name === '' ? 'a tensor without a name' : `the tensor "${name}"`;
  if (dtype === undefined) return reader.fail(`holds ${called} without an element type`, start);
  if (!dims.every((size) => size >= 0))
    reader.fail(`holds ${called} with a negative size in [${dims.join(', ')}]`, start);

  const bytes = raw ?? (words.length > 0 ? narrow(words, dtype) : concatenateIfNeeded(numbers));
  const tensor: Tensor = {
    name,
    dtype,
    dims,
    bytes,
    ...(dtype === 'string' && { strings }),
    ...(externally && { external }),
    ...(docString !== undefined && { docString }),
    ...(reader.unread && { unread: reader.unread }),
  };
  const stored = dtype === 'string' ? strings.length : bytes.length;
  const needed =
    dtype === 'string' ? dims.reduce((product, size) => product * size, 1) : tensorSizeBytes(dtype, dims);
  if (!externally && stored !== needed) {
    const unit = dtype === 'string' ? 'texts' : 'bytes';
    reader.fail(
      `holds ${called}, ${dtype} [${dims.join(', ')}], with ${stored} ${unit} where ${needed} belong`,
      start,
    );
  }
  return tensor;
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

function concatenateIfNeeded(parts: readonly Uint8Array[]): Uint8Array {
  return parts.length === 1 ? parts[0] : concatenate(parts);
}

/** Integer fields hold every element as a varint, whatever its width: cut the words down to it. */
function narrow(words: readonly number[], dtype: DataType): Uint8Array {
  const bits = bitsPerElement[dtype];
  if (bits === 64) return new Uint8Array(Uint32Array.from(words).buffer);
  const low = words.filter((_, index) => index % 2 === 0);
  if (bits === 32) return new Uint8Array(Uint32Array.from(low).buffer);
  if (bits === 16) return new Uint8Array(Uint16Array.from(low).buffer);
  return Uint8Array.from(low);
}
