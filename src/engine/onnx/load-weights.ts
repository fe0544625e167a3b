import { mapTensors, tensorsOf } from './model-tensors.ts';
import { narrowVarints } from './narrow-varints.ts';
import { OnnxError } from './onnx-error.ts';
import { concatenate } from './protobuf.ts';
import { sizeProblem } from './read-tensor.ts';
import type { Model, Tensor } from './types.ts';

/**
 * The tensor with its elements in memory; the same tensor when they are there already.
 * @throws OnnxError when they are in another file that was not given, cannot be read, or do not fit the tensor's size.
 */
export async function loadTensor(tensor: Tensor): Promise<Tensor> {
  const { place, ...rest } = tensor;
  if (place === undefined) {
    if (tensor.external === undefined) return tensor;
    const location = tensor.external.get('location') ?? '';
    throw new OnnxError(
      `The elements of "${tensor.name}" are in the file "${location}", which was not opened.`,
      {
        advice: `Open the model together with "${location}".`,
      },
    );
  }
  const parts = await Promise.all(
    place.ranges.map(({ offset, length }) => place.source.read(offset, length)),
  );
  const stored = parts.length === 1 ? parts[0] : concatenate(parts);
  const bytes = place.encoding === 'raw' ? stored : narrowVarints(stored, tensor.dtype);
  // in memory now, so no longer external
  const loaded: Tensor = { ...rest, bytes };
  delete (loaded as { external?: unknown }).external;
  const problem = sizeProblem(loaded);
  if (problem !== undefined) throw new OnnxError(`The file holds ${problem}.`);
  return loaded;
}

/**
 * The model with elements in memory of all tensors, or of those that `includes` asks for.
 * @throws OnnxError as loadTensor does.
 */
export async function loadWeights(
  model: Model,
  includes: (tensor: Tensor) => boolean = () => true,
): Promise<Model> {
  const loaded = new Map<Tensor, Tensor>();
  // one after the other: the disk gains nothing from more, and memory stays at what is asked for
  for (const tensor of tensorsOf(model)) {
    const isAway = tensor.place !== undefined || tensor.external !== undefined;
    if (isAway && includes(tensor)) loaded.set(tensor, await loadTensor(tensor));
  }
  return mapTensors(model, (tensor) => loaded.get(tensor) ?? tensor);
}
