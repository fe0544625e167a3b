/** The full names of types, as `type(x)` shows them. */
import { Tensor } from '../../engine/tensors/tensor.ts';
import { isLayer, typeName, type Value } from './values.ts';

/** The name with its module: torch.Tensor. */
export function fullTypeName(value: Value): string {
  if (value instanceof Tensor) return value.isParameter ? 'torch.nn.parameter.Parameter' : 'torch.Tensor';
  if (isLayer(value)) return `torch.nn.modules.${folders[value.type] ?? 'activation'}.${value.type}`;
  return typeName(value);
}

const folders: Readonly<Record<string, string>> = {
  Linear: 'linear',
  Embedding: 'sparse',
  Sequential: 'container',
  Dropout: 'dropout',
  LayerNorm: 'normalization',
  CrossEntropyLoss: 'loss',
  MSELoss: 'loss',
};
