/**
 * Weights of one group that decay alike travel together in flat vectors: the optimizer then is some dozens of nodes, and a step feeds back
 * a few tensors, however many layers there are.
 */
import { buildNode, withGraph } from '../onnx/build.ts';
import { OnnxError } from '../onnx/onnx-error.ts';
import { countItems } from '../onnx/shape/contents.ts';
import { float32Tensor, float32Values } from '../onnx/tensor-values.ts';
import type { DataType, Model, Tensor } from '../onnx/types.ts';
import { slice } from './arithmetic.ts';
import type { GraphBuilder } from './graph-builder.ts';

/** Weights that share a learning rate. */
export interface TrainableGroup {
  /** Names the group's learning rate. */
  readonly id: string;
  /** Initializers, by name. */
  readonly weights: readonly string[];
}

/** A weight's place in its bundle. */
export interface BundledWeight {
  readonly name: string;
  readonly dims: readonly number[];
  readonly size: number;
  /** Elements before it. */
  readonly offset: number;
}

/** A flat vector of weights. */
export interface Bundle {
  readonly id: string;
  readonly group: string;
  /** Whether weight decay applies: to matrices and kernels, not to norms and biases, which have one axis. */
  readonly decays: boolean;
  /** Graph input, float [size]. */
  readonly input: string;
  readonly dtype: DataType;
  readonly size: number;
  readonly weights: readonly BundledWeight[];
}

/**
 * The most elements that weights share a vector up to: above some 4 MiB, onnxruntime-web's allocator takes longer to find room for a
 * value than an operator takes to write it (for 1.18 million weights the update took 12 ms in one vector and 3 ms in two).
 */
const largestShared = 2 ** 19;

/** Sorts weights into bundles. @throws OnnxError when a weight stands in two groups or a group's id is taken. */
export function planBundles(
  groups: readonly TrainableGroup[],
  weights: readonly Tensor[],
): readonly Bundle[] {
  const seen = new Set<string>();
  for (const one of groups.flatMap(({ id, weights }) => [
    `group "${id}"`,
    ...weights.map((name) => `weight "${name}"`),
  ])) {
    if (seen.has(one))
      throw new OnnxError(`The ${one} is named twice.`, { advice: 'Name every group and weight once.' });
    seen.add(one);
  }
  return groups.flatMap(({ id, weights: names }) =>
    [true, false].flatMap((decays) => {
      const own = weights.filter(({ name, dims }) => names.includes(name) && dims.length > 1 === decays);
      return shareOut(own).map((part, at) => bundle(id, decays, part, at));
    }),
  );
}

/** Neighbours together, as long as they stay below the limit; a weight above it stands alone. */
function shareOut(tensors: readonly Tensor[]): readonly (readonly Tensor[])[] {
  const parts: Tensor[][] = [];
  let size = Infinity;
  for (const tensor of tensors) {
    const own = countItems(tensor.dims);
    if (size + own > largestShared) {
      parts.push([]);
      size = 0;
    }
    parts[parts.length - 1].push(tensor);
    size += own;
  }
  return parts;
}

function bundle(group: string, decays: boolean, tensors: readonly Tensor[], at: number): Bundle {
  const id = [group, ...(decays ? [] : ['undecayed']), ...(at === 0 ? [] : [`part ${at + 1}`])].join('/');
  let offset = 0;
  const weights = tensors.map(({ name, dims }) => {
    const place = { name, dims, size: countItems(dims), offset };
    offset += place.size;
    return place;
  });
  return {
    id,
    group,
    decays,
    input: `training/bundle/${id}`,
    dtype: tensors[0].dtype,
    size: offset,
    weights,
  };
}

/** Appends a bundle's input, and nodes that give its weights under their names. */
export function pushBundle(b: GraphBuilder, { input, dtype, size, weights }: Bundle): void {
  b.addInput(input, dtype, [size]);
  for (const { name, dims, offset, size: count } of weights) {
    const part = slice(b, input, [0], [offset], [offset + count]);
    b.push(buildNode('Reshape', name, [part, b.ints(dims)], [name]));
  }
}

/** The flat vector of a bundle's weights as they stand in a model: float32 [size]. */
export function packWeights({ size, weights }: Bundle, { graph }: Model): Float32Array {
  const flat = new Float32Array(size);
  for (const { name, offset } of weights) {
    const tensor = graph.initializers.get(name);
    if (tensor === undefined) throw new OnnxError(`The model has no weight "${name}".`);
    flat.set(float32Values(tensor), offset);
  }
  return flat;
}

/** The model with the weights of a flat vector (float32 [size]) in place of its own; everything else is shared, bit for bit. */
export function unpackWeights({ weights }: Bundle, flat: Float32Array, model: Model): Model {
  const initializers = new Map(model.graph.initializers);
  for (const { name, dims, offset, size } of weights)
    initializers.set(name, float32Tensor(name, dims, flat.slice(offset, offset + size)));
  return withGraph(model, { initializers });
}
