/** A network that reads texts, turned into one that judges them: a linear head over the mean of its tokens' states. */
import { buildNode, withGraph } from '../onnx/build.ts';
import { cutModel } from '../onnx/edits/cut.ts';
import { OnnxError } from '../onnx/onnx-error.ts';
import { inferShapes } from '../onnx/shapes.ts';
import { float32Tensor, int64Tensor } from '../onnx/tensor-values.ts';
import type { Model } from '../onnx/types.ts';

/** Where a text network is cut, and what tells tokens from padding. */
export interface Pooling {
  /** The value that holds the tokens' states, float32 [N, T, width]. */
  readonly states: string;
  /** The input that is 1 at a token and 0 at padding, int64 [N, T]. */
  readonly mask: string;
}

/** Names of the new head's weights. */
export const pooledHead = { weight: 'classifier.weight', bias: 'classifier.bias' } as const;

/**
 * The network up to its tokens' states, then their mean over what is no padding, then a linear layer of `classes` outputs that says
 * nothing yet. The old head and all that only it needs are left out; everything else is shared, bit for bit.
 * @throws OnnxError when the network has no such values.
 */
export function withPooledHead(model: Model, { states, mask }: Pooling, classes: number): Model {
  const width = inferShapes(model).values.get(states)?.dims?.at(2);
  const input = model.graph.inputs.find(({ name }) => name === mask);
  if (typeof width !== 'number' || input === undefined)
    throw new OnnxError(`The network has no states "${states}" with a mask "${mask}" to put a head on.`, {
      advice: 'Choose an encoder that reads texts.',
    });
  const body = cutModel(model, { to: [{ name: states, dtype: 'float32' }] });
  const { weight, bias } = pooledHead;
  const nodes = [
    buildNode('Cast', 'pool.mask', [mask], ['pool.mask'], { to: 1 }),
    buildNode('Unsqueeze', 'pool.weights', ['pool.mask', 'pool.last'], ['pool.weights']),
    buildNode('Mul', 'pool.masked', [states, 'pool.weights'], ['pool.masked']),
    buildNode('ReduceSum', 'pool.total', ['pool.masked', 'pool.tokens'], ['pool.total'], { keepdims: 0 }),
    buildNode('ReduceSum', 'pool.count', ['pool.weights', 'pool.tokens'], ['pool.count'], { keepdims: 0 }),
    buildNode('Div', 'pool', ['pool.total', 'pool.count'], ['pool']),
    buildNode('Gemm', 'classifier', ['pool', weight, bias], ['classifier'], { transB: 1 }),
  ];
  const initializers = new Map(body.graph.initializers);
  for (const tensor of [
    int64Tensor('pool.last', [1], [2]),
    int64Tensor('pool.tokens', [1], [1]),
    float32Tensor(weight, [classes, width], new Float32Array(classes * width)),
    float32Tensor(bias, [classes], new Float32Array(classes)),
  ])
    initializers.set(tensor.name, tensor);
  const batch = input.dims?.at(0) ?? 'N';
  return withGraph(body, {
    nodes: [...body.graph.nodes, ...nodes],
    initializers,
    outputs: [{ name: 'classifier', dtype: 'float32', dims: [batch, classes] }],
    valueInfos: [],
  });
}
