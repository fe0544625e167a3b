/** A network without its weights: the same graph, every large tensor full of zeros. Enough to count what a training would cost. */
import { withGraph } from '../../engine/onnx/build.ts';
import type { Model } from '../../engine/onnx/types.ts';

/** Tensors up to so many bytes stay: shapes, bounds and single numbers steer the graph. */
const keptBytes = 64;

/** The graph with zeros for weights; packed it takes a few kB. */
export function emptyWeights(model: Model): Model {
  const initializers = [...model.graph.initializers].map(
    ([name, tensor]) =>
      [
        name,
        tensor.bytes.byteLength <= keptBytes
          ? tensor
          : { ...tensor, bytes: new Uint8Array(tensor.bytes.byteLength) },
      ] as const,
  );
  return withGraph(model, { initializers: new Map(initializers) });
}
