/** Weights that nobody has trained yet: for a new head, and for training from scratch. */
import { seedRandom } from '../../data/seeded-random.ts';
import { withGraph } from '../onnx/build.ts';
import { dequantizeWeights } from '../onnx/dequantize-weights.ts';
import { drawWeights } from '../onnx/edits/draw-weights.ts';
import { indexGraph, intAttribute } from '../onnx/graph-index.ts';
import { OnnxError } from '../onnx/onnx-error.ts';
import { countItems } from '../onnx/shape/contents.ts';
import { float32Tensor } from '../onnx/tensor-values.ts';
import type { Model } from '../onnx/types.ts';

/**
 * The model with a fresh last linear layer of `classes` outputs, whose first answers are nearly even. Everything else is shared, bit
 * for bit.
 * @throws OnnxError when the output does not come from a Gemm with stored weights.
 */
export function replaceHead(model: Model, classes: number, seed: number): Model {
  const [output, ...others] = model.graph.outputs;
  const head = indexGraph(model.graph).producers.get(output?.name ?? '');
  if (head?.opType !== 'Gemm')
    throw new OnnxError('The network does not end in a linear layer, so its head cannot be replaced.', {
      advice: 'Train it with its own classes, or choose a network that ends in a Gemm.',
    });
  const [, weightName, biasName] = head.inputs;
  const plain = dequantizeWeights(model, (name) => name === weightName);
  const old = plain.graph.initializers.get(weightName);
  if (old === undefined)
    throw new OnnxError(`The head's weights "${weightName}" are not stored in the file.`);
  const isTransposed = intAttribute(head, 'transB', 0) === 1;
  const width = old.dims[isTransposed ? 1 : 0];
  const initializers = new Map(plain.graph.initializers);
  const put = (name: string, dims: readonly number[]) =>
    initializers.set(name, float32Tensor(name, dims, new Float32Array(countItems(dims))));
  put(weightName, isTransposed ? [classes, width] : [width, classes]);
  if (biasName) put(biasName, [classes]);
  const headOnly = withGraph(plain, { nodes: [head], initializers });
  const drawn = drawWeights(headOnly, seedRandom(seed, 'head')).graph.initializers;
  const dims = [...(output.dims ?? ['N', 0]).slice(0, -1), classes];
  return withGraph(plain, { initializers: drawn, outputs: [{ ...output, dims }, ...others], valueInfos: [] });
}

/** The model as if nobody had trained it; the seed fixes all. Frozen int8 weights become float32 ones. */
export function randomiseWeights(model: Model, seed: number): Model {
  return drawWeights(dequantizeWeights(model), seedRandom(seed, 'weights'));
}
