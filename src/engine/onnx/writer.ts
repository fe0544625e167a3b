import { MessageWriter } from './protobuf-writer.ts';
import type { Attribute, Graph, Model, Node, Tensor, ValueInfo } from './types.ts';
import { dataTypeNumbers } from './types.ts';

/** The bytes of an .onnx file; tensors are written as raw little-endian data. */
export function writeModel(model: Model): Uint8Array<ArrayBuffer> {
  const writer = new MessageWriter();
  writer.int(1, model.irVersion);
  writer.string(2, model.producerName);
  writer.string(3, model.producerVersion);
  writer.string(4, model.domain);
  if (model.modelVersion !== 0) writer.int(5, model.modelVersion);
  writer.string(6, model.docString);
  for (const [domain, version] of model.opsets) {
    writer.message(8, (opset) => {
      opset.string(1, domain);
      opset.int(2, version);
    });
  }
  for (const [key, value] of model.metadata) writer.message(14, (entry) => writeEntry(entry, key, value));
  writer.raw(model.unread);
  writer.message(7, (graph) => writeGraph(graph, model.graph));
  return writer.finish();
}

function writeGraph(writer: MessageWriter, graph: Graph): void {
  for (const node of graph.nodes) writer.message(1, (inner) => writeNode(inner, node));
  writer.string(2, graph.name);
  for (const [name, tensor] of graph.initializers)
    writer.message(5, (inner) => writeTensor(inner, tensor, name));
  writer.string(10, graph.docString, true);
  for (const value of graph.inputs) writer.message(11, (inner) => writeValueInfo(inner, value));
  for (const value of graph.outputs) writer.message(12, (inner) => writeValueInfo(inner, value));
  for (const value of graph.valueInfos) writer.message(13, (inner) => writeValueInfo(inner, value));
  writer.raw(graph.unread);
}

function writeNode(writer: MessageWriter, node: Node): void {
  // '' is a meaningful input: an optional one left out
  for (const input of node.inputs) writer.string(1, input, true);
  for (const output of node.outputs) writer.string(2, output, true);
  writer.string(3, node.name);
  writer.string(4, node.opType);
  for (const [name, attribute] of node.attributes) {
    if (attribute.type === 'other') writer.bytes(5, attribute.value);
    else writer.message(5, (inner) => writeAttribute(inner, name, attribute));
  }
  writer.string(6, node.docString, true);
  writer.string(7, node.domain);
  writer.raw(node.unread);
}

function writeAttribute(
  writer: MessageWriter,
  name: string,
  attribute: Exclude<Attribute, { type: 'other' }>,
): void {
  const write = {
    float: 1,
    int: 2,
    string: 3,
    bytes: 3,
    tensor: 4,
    graph: 5,
    floats: 6,
    ints: 7,
    strings: 8,
  } as const;
  writer.string(1, name);
  switch (attribute.type) {
    case 'float':
      writer.float(2, attribute.value);
      break;
    case 'int':
      writer.int(3, attribute.value);
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
      for (const value of attribute.value) writer.int(8, value);
      break;
    case 'strings':
      for (const value of attribute.value) writer.string(9, value, true);
      break;
  }
  writer.int(20, write[attribute.type]);
}

function writeTensor(writer: MessageWriter, tensor: Tensor, name: string): void {
  for (const size of tensor.dims) writer.int(1, size);
  writer.int(2, dataTypeNumbers[tensor.dtype]);
  writer.string(8, name);
  for (const text of tensor.strings ?? []) writer.bytes(6, text);
  if (tensor.external !== undefined) {
    for (const [key, value] of tensor.external) writer.message(13, (entry) => writeEntry(entry, key, value));
    writer.int(14, 1);
  } else if (tensor.dtype !== 'string') {
    writer.bytes(9, tensor.bytes);
  }
  writer.string(12, tensor.docString, true);
  writer.raw(tensor.unread);
}

/** Writes a ValueInfoProto; also used to append graph outputs to a finished file. */
export function writeValueInfo(writer: MessageWriter, value: ValueInfo): void {
  writer.string(1, value.name);
  if (value.dtype !== undefined || value.dims !== undefined || value.typeUnread !== undefined) {
    writer.message(2, (type) => {
      if (value.dtype !== undefined || value.dims !== undefined)
        type.message(1, (tensor) => writeTensorType(tensor, value));
      type.raw(value.typeUnread);
    });
  }
  writer.string(3, value.docString, true);
  writer.raw(value.unread);
}

function writeTensorType(writer: MessageWriter, { dtype, dims }: ValueInfo): void {
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

function writeEntry(writer: MessageWriter, key: string, value: string): void {
  writer.string(1, key);
  writer.string(2, value, true);
}
