import { MessageWriter } from './protobuf-writer.ts';
import { concatenate } from './protobuf.ts';
import { writeValueInfo } from './write-type.ts';
import { writeNode } from './write-node.ts';
import type { Node, ValueInfo } from './types.ts';

/** Field numbers of onnx.proto: ModelProto.graph, GraphProto.node and GraphProto.output. */
const graphField = 7;
const nodeField = 1;
const outputField = 12;

/**
 * The bytes of the same model with more graph outputs, without reading the model: protobuf merges a message that occurs
 * twice, so a second `graph { output … }` behind the file adds to the first. Values that already are outputs must be left out
 * by the caller. Each value needs its dtype; dims may be unknown. `nodes` come behind the graph's own and may make such values.
 */
export function addOutputs(
  file: Uint8Array,
  values: readonly ValueInfo[],
  nodes: readonly Node[] = [],
): Uint8Array<ArrayBuffer> {
  if (values.length === 0) return concatenate([file]);
  const writer = new MessageWriter();
  writer.message(graphField, (graph) => {
    for (const node of nodes) graph.message(nodeField, (message) => writeNode(message, node));
    for (const value of values) graph.message(outputField, (output) => writeValueInfo(output, value));
  });
  return concatenate([file, writer.finish()]);
}
