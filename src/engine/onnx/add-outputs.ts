import { MessageWriter } from './protobuf-writer.ts';
import { concatenate } from './protobuf.ts';
import { writeValueInfo } from './write-type.ts';
import type { ValueInfo } from './types.ts';

/** Field numbers of onnx.proto: ModelProto.graph and GraphProto.output. */
const graphField = 7;
const outputField = 12;

/**
 * The bytes of the same model with more graph outputs, without reading the model: protobuf merges a message that occurs
 * twice, so a second `graph { output … }` behind the file adds to the first. Values that already are outputs must be left out
 * by the caller. Each value needs its dtype; dims may be unknown.
 */
export function addOutputs(file: Uint8Array, values: readonly ValueInfo[]): Uint8Array<ArrayBuffer> {
  if (values.length === 0) return concatenate([file]);
  const writer = new MessageWriter();
  writer.message(graphField, (graph) => {
    for (const value of values) graph.message(outputField, (output) => writeValueInfo(output, value));
  });
  return concatenate([file, writer.finish()]);
}
