import type { MessageWriter } from './protobuf-writer.ts';
import { decodeType } from './read-type.ts';
import type { ContainerType, ElementType, ValueInfo } from './types.ts';
import { dataTypeNumbers } from './types.ts';
import { writeEntry } from './write-tensor.ts';

/** Writes a ValueInfoProto; also used to append graph outputs to a finished file. */
export function writeValueInfo(writer: MessageWriter, value: ValueInfo): void {
  writer.string(1, value.name);
  if (value.storedType !== undefined && saysTheSame(decodeType(value.storedType), value)) {
    writer.bytes(2, value.storedType);
  } else if (value.dtype !== undefined || value.dims !== undefined || value.container !== undefined) {
    writer.message(2, (type) => writeType(type, value));
  }
  writer.string(3, value.docString, true);
  for (const [key, text] of value.metadata ?? []) writer.message(4, (entry) => writeEntry(entry, key, text));
  writer.raw(value.unread);
}

/** The stored form is written back only while no edit has changed the type. */
function saysTheSame(a: ElementType, b: ElementType): boolean {
  const text = ({ dtype, dims, container }: ElementType) => JSON.stringify([dtype, dims, container]);
  return text(a) === text(b);
}

function writeType(writer: MessageWriter, { dtype, dims, container }: ElementType): void {
  if (container === undefined) {
    if (dtype !== undefined || dims !== undefined)
      writer.message(1, (tensor) => writeTensorType(tensor, { dtype, dims }));
    return;
  }
  if (container.kind === 'sparse') writer.message(8, (tensor) => writeTensorType(tensor, container));
  else if (container.kind === 'map') writer.message(5, (map) => writeMap(map, container));
  else {
    writer.message(container.kind === 'sequence' ? 4 : 9, (inner) =>
      inner.message(1, (element) => writeType(element, container.element)),
    );
  }
}

function writeMap(writer: MessageWriter, map: Extract<ContainerType, { kind: 'map' }>): void {
  if (map.key !== undefined) writer.int(1, dataTypeNumbers[map.key]);
  writer.message(2, (element) => writeType(element, map.element));
}

function writeTensorType(writer: MessageWriter, { dtype, dims }: ElementType): void {
  if (dtype !== undefined) writer.int(1, dataTypeNumbers[dtype]);
  if (dims === undefined) return;
  writer.message(2, (shape) => {
    for (const dim of dims) {
      shape.message(1, (inner) => {
        if (typeof dim === 'number') inner.int(1, dim);
        else if (dim !== '?') inner.string(2, dim);
      });
    }
  });
}
