import { buildModel, buildNode, float32Value } from '../onnx/build.ts';
import { writeModel } from '../onnx/writer.ts';
import type { CreateSession, OrtSession } from './ort-session.ts';

/**
 * Makes the runtime ready, and under WebGPU its device, with the smallest of all sessions. Rejects as any other would. The device goes
 * away with the last session that is released, so this one stays open as long as the network does.
 */
export function startRuntime(create: CreateSession): Promise<OrtSession> {
  const graph = buildModel({
    name: 'start',
    nodes: [buildNode('Identity', 'same', ['in'], ['out'])],
    initializers: [],
    inputs: [float32Value('in', [1])],
    outputs: [float32Value('out', [1])],
  });
  return create(writeModel(graph));
}
