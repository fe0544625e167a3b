import type { MessageWriter } from './protobuf-writer.ts';
import type { Attribute, Node } from './types.ts';
import { writeEntry, writeSparseTensor, writeTensor } from './write-tensor.ts';
import { writeGraph } from './writer.ts';

/** Writes a NodeProto. */
export function writeNode(writer: MessageWriter, node: Node): void {
  // '' is a meaningful input: an optional one left out
  for (const input of node.inputs) writer.string(1, input, true);
  for (const output of node.outputs) writer.string(2, output, true);
  writer.string(3, node.name);
  writer.string(4, node.opType);
  for (const [name, attribute] of node.attributes) writeAttribute(writer, 5, name, attribute);
  writer.string(6, node.docString, true);
  writer.string(7, node.domain);
  writer.string(8, node.overload);
  for (const [key, value] of node.metadata ?? []) writer.message(9, (entry) => writeEntry(entry, key, value));
  writer.raw(node.unread);
}

/** AttributeProto.AttributeType of each kind that is written field by field. */
const typeNumbers = {
  float: 1,
  int: 2,
  string: 3,
  bytes: 3,
  tensor: 4,
  graph: 5,
  floats: 6,
  ints: 7,
  strings: 8,
  tensors: 9,
  graphs: 10,
  sparse: 11,
  valueType: 13,
} as const;

/** Writes an AttributeProto into a field. */
export function writeAttribute(
  writer: MessageWriter,
  field: number,
  name: string,
  attribute: Attribute,
): void {
  if (attribute.type === 'other') {
    writer.bytes(field, attribute.value);
    return;
  }
  writer.message(field, (inner) => {
    inner.string(1, name);
    writeValue(inner, attribute);
    const typeNumber = attribute.type === 'reference' ? attribute.typeNumber : typeNumbers[attribute.type];
    // the sparse tensor and the reference stand behind the type, in the order of their numbers
    inner.string(13, attribute.docString, true);
    if (attribute.type === 'valueType') inner.bytes(14, attribute.stored);
    inner.int(20, typeNumber);
    if (attribute.type === 'reference') inner.string(21, attribute.value);
    if (attribute.type === 'sparse')
      inner.message(22, (tensor) => writeSparseTensor(tensor, attribute.value, attribute.value.values.name));
  });
}

function writeValue(writer: MessageWriter, attribute: Attribute): void {
  switch (attribute.type) {
    case 'float':
      writer.float(2, attribute.value);
      break;
    case 'int':
      writer.int(3, attribute.exact ?? attribute.value);
      break;
    case 'string':
      writer.string(4, attribute.value, true);
      break;
    case 'bytes':
      writer.bytes(4, attribute.value);
      break;
    case 'tensor':
      writer.message(5, (inner) => writeTensor(inner, attribute.value, attribute.value.name));
      break;
    case 'graph':
      writer.message(6, (inner) => writeGraph(inner, attribute.value));
      break;
    // attributes are few and short: unpacked, as every reader of proto2 expects them
    case 'floats':
      for (const value of attribute.value) writer.float(7, value);
      break;
    case 'ints':
      for (const value of attribute.exact ?? attribute.value) writer.int(8, value);
      break;
    case 'strings':
      for (const value of attribute.value) writer.string(9, value, true);
      break;
    case 'tensors':
      for (const value of attribute.value)
        writer.message(10, (inner) => writeTensor(inner, value, value.name));
      break;
    case 'graphs':
      for (const value of attribute.value) writer.message(11, (inner) => writeGraph(inner, value));
      break;
    default:
  }
}
