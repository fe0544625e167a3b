import { MessageWriter } from './protobuf-writer.ts';
import type { Graph, LocalFunction, Model } from './types.ts';
import { writeAttribute, writeNode } from './write-node.ts';
import { writeEntry, writeSparseTensor, writeTensor } from './write-tensor.ts';
import { writeValueInfo } from './write-type.ts';

/**
 * The bytes of an .onnx file, with tensors as raw little-endian data and fields in the order in which protobuf writes them.
 * @throws OnnxError when weights of the model have been left in its file: load them first.
 */
export function writeModel(model: Model): Uint8Array<ArrayBuffer> {
  const writer = new MessageWriter();
  writer.int(1, model.irVersion);
  writer.string(2, model.producerName);
  writer.string(3, model.producerVersion);
  writer.string(4, model.domain);
  if (model.modelVersion !== 0) writer.int(5, model.modelVersion);
  writer.string(6, model.docString);
  writer.message(7, (graph) => writeGraph(graph, model.graph));
  writeOpsets(writer, 8, model.opsets);
  for (const [key, value] of model.metadata) writer.message(14, (entry) => writeEntry(entry, key, value));
  writer.raw(model.unread);
  for (const one of model.functions ?? []) writer.message(25, (inner) => writeFunction(inner, one));
  return writer.finish();
}

/** Writes a GraphProto. */
export function writeGraph(writer: MessageWriter, graph: Graph): void {
  for (const node of graph.nodes) writer.message(1, (inner) => writeNode(inner, node));
  writer.string(2, graph.name);
  for (const [name, tensor] of graph.initializers)
    writer.message(5, (inner) => writeTensor(inner, tensor, name));
  for (const tensor of graph.strayInitializers ?? [])
    writer.message(5, (inner) => writeTensor(inner, tensor, tensor.name));
  writer.string(10, graph.docString, true);
  for (const value of graph.inputs) writer.message(11, (inner) => writeValueInfo(inner, value));
  for (const value of graph.outputs) writer.message(12, (inner) => writeValueInfo(inner, value));
  for (const value of graph.valueInfos) writer.message(13, (inner) => writeValueInfo(inner, value));
  writer.raw(graph.unread);
  for (const [name, tensor] of graph.sparseInitializers ?? [])
    writer.message(15, (inner) => writeSparseTensor(inner, tensor, name));
  for (const [key, value] of graph.metadata ?? [])
    writer.message(16, (entry) => writeEntry(entry, key, value));
}

function writeFunction(writer: MessageWriter, one: LocalFunction): void {
  writer.string(1, one.name);
  for (const name of one.inputs) writer.string(4, name, true);
  for (const name of one.outputs) writer.string(5, name, true);
  for (const name of one.attributeNames) writer.string(6, name, true);
  for (const node of one.nodes) writer.message(7, (inner) => writeNode(inner, node));
  writer.string(8, one.docString, true);
  writeOpsets(writer, 9, one.opsets);
  writer.string(10, one.domain);
  for (const [name, attribute] of one.attributeDefaults) writeAttribute(writer, 11, name, attribute);
  for (const value of one.valueInfos) writer.message(12, (inner) => writeValueInfo(inner, value));
  writer.string(13, one.overload);
  for (const [key, value] of one.metadata ?? []) writer.message(14, (entry) => writeEntry(entry, key, value));
  writer.raw(one.unread);
}

function writeOpsets(writer: MessageWriter, field: number, opsets: ReadonlyMap<string, number>): void {
  for (const [domain, version] of opsets) {
    writer.message(field, (opset) => {
      opset.string(1, domain, true);
      opset.int(2, version);
    });
  }
}
