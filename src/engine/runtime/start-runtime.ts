import { buildModel, buildNode, float32Value } from '../onnx/build.ts';
import { writeModel } from '../onnx/writer.ts';
import type { CreateSession } from './ort-session.ts';

/** Makes the runtime ready, and under WebGPU its device, with the smallest of all sessions. Rejects as any other would. */
export async function startRuntime(create: CreateSession): Promise<void> {
  const graph = buildModel({
    name: 'start',
    nodes: [buildNode('Identity', 'same', ['in'], ['out'])],
    initializers: [],
    inputs: [float32Value('in', [1])],
    outputs: [float32Value('out', [1])],
  });
  const session = await create(writeModel(graph));
  await session.release();
}
