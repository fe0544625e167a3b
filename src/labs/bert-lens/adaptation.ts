/**
 * Ways to adapt an encoder to a task, and how many weights each of them moves, counted in the network's file. The head always moves:
 * the task is another one.
 *
 * Adapters: Houlsby et al. 2019, two in each layer, with the layer's normalisations. LoRA: Hu et al. 2022, on the matrices of queries and
 * values.
 */
import type { EncoderDescription, EncoderPart } from './encoder.ts';

export const ways = ['head', 'last', 'all', 'bias', 'adapters', 'lora'] as const;

export type Way = (typeof ways)[number];

/** How much of a way: layers from the top, an adapter's inner width, LoRA's rank. */
export interface Amounts {
  last: number;
  adapters: number;
  lora: number;
}

/** What a way does to a part. */
export interface AdaptedPart {
  id: string;
  /** Weights of the file. */
  parameters: number;
  /** Of these, those that move. */
  moving: number;
  /** New weights beside the file's, all of which move. */
  added: number;
}

/** What a way does to the whole network. */
export interface Adaptation {
  parts: AdaptedPart[];
  /** All that move, new ones included. */
  moving: number;
  added: number;
  /** Weights of the file. */
  parameters: number;
}

/** What is counted of a network. */
export type Countable = Pick<EncoderDescription, 'layers' | 'width' | 'parameters'> & {
  parts: readonly Omit<EncoderPart, 'tensors'>[];
};

/** Counts what moves under a way. */
export function countAdaptation(encoder: Countable, way: Way, amounts: Amounts): Adaptation {
  const parts = encoder.parts.map((part) => adapt(part, encoder, way, amounts));
  const added = parts.reduce((sum, part) => sum + part.added, 0);
  const moving = parts.reduce((sum, part) => sum + part.moving, 0) + added;
  return { parts, moving, added, parameters: encoder.parameters };
}

function adapt(
  part: Omit<EncoderPart, 'tensors'>,
  encoder: Countable,
  way: Way,
  amounts: Amounts,
): AdaptedPart {
  const { id, parameters, biases, norms, queryValue } = part;
  const base = { id, parameters, added: 0 };
  if (id === 'head' || way === 'all') return { ...base, moving: parameters };
  if (way === 'bias') return { ...base, moving: biases };
  const layer = id.startsWith('layer.') ? Number(id.slice('layer.'.length)) : -1;
  if (layer < 0 || way === 'head') return { ...base, moving: 0 };
  if (way === 'last') return { ...base, moving: layer >= encoder.layers - amounts.last ? parameters : 0 };
  if (way === 'adapters') {
    const { width } = encoder;
    const inner = amounts.adapters;
    return { ...base, moving: norms, added: 2 * (2 * width * inner + inner + width) };
  }
  const pairs = queryValue.map(([outputs, inputs]) => amounts.lora * (outputs + inputs));
  return { ...base, moving: 0, added: pairs.reduce((sum, count) => sum + count, 0) };
}
