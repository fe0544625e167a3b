import { OnnxError } from './onnx-error.ts';
import type { MessageWriter } from './protobuf-writer.ts';
import { typedData } from './typed-data.ts';
import type { SparseTensor, Tensor } from './types.ts';
import { dataTypeNumbers } from './types.ts';

/** Writes a TensorProto under a name. @throws OnnxError when its elements have been left in the file. */
export function writeTensor(writer: MessageWriter, tensor: Tensor, name: string): void {
  // the place of external data is written, so its elements are not needed
  if (tensor.place !== undefined && tensor.external === undefined) {
    throw new OnnxError(`The weights "${name}" have not been read yet, so they cannot be written.`, {
      advice: 'Load the weights first.',
    });
  }
  for (const size of tensor.dims) writer.int(1, size);
  writer.int(2, dataTypeNumbers[tensor.dtype]);
  const typed = tensor.external === undefined ? typedData(tensor) : undefined;
  if (typed && typed.field < 6) typed.write(writer);
  for (const text of tensor.strings ?? []) writer.bytes(6, text);
  if (typed && typed.field === 7) typed.write(writer);
  writer.string(8, name);
  if (tensor.external === undefined && tensor.dtype !== 'string' && !typed) writer.bytes(9, tensor.bytes);
  if (typed && typed.field > 9) typed.write(writer);
  writer.string(12, tensor.docString, true);
  if (tensor.external !== undefined) {
    for (const [key, value] of tensor.external) writer.message(13, (entry) => writeEntry(entry, key, value));
    writer.int(14, 1);
  }
  writer.raw(tensor.unread);
}

/** Writes a SparseTensorProto under a name, which is that of its values. */
export function writeSparseTensor(writer: MessageWriter, tensor: SparseTensor, name: string): void {
  writer.message(1, (inner) => writeTensor(inner, tensor.values, name));
  writer.message(2, (inner) => writeTensor(inner, tensor.indices, tensor.indices.name));
  for (const size of tensor.dims) writer.int(3, size);
  writer.raw(tensor.unread);
}

/** Writes a StringStringEntryProto. */
export function writeEntry(writer: MessageWriter, key: string, value: string): void {
  writer.string(1, key);
  writer.string(2, value, true);
}
