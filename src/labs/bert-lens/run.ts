/** Runs an encoder on a text and reads everything that the lens shows: states and attention of every layer, and what the head would say. */
import { softmax, topK } from '../../engine/preprocess/probabilities.ts';
import type { LoadedModel, RunResult } from '../../engine/runtime/types.ts';
import { ThawError } from '../../engine/errors.ts';
import type { Tokenizer } from '../../text/token.ts';
import { attentionName, stateName, type EncoderDescription } from './encoder.ts';
import { inputsOf, textManifest, type LensToken } from './text.ts';

/** What the network made of a text of T tokens. */
export interface Encoded {
  length: number;
  /** After 0, 1, … layers: float32 [T, width]. */
  states: Float32Array[];
  /** Of every layer: float32 [heads, T, T]. */
  attention: Float32Array[];
  run: Omit<RunResult, 'outputs'>;
}

/** A piece that the head proposes. */
export interface Candidate {
  id: number;
  piece: string;
  probability: number;
}

/** What the head proposes for one token, from the states after 0, 1, … layers: the likeliest first. */
export interface Guess {
  place: number;
  depths: Candidate[][];
}

/** The values that a session for the lens must offer. */
export function lensValues(encoder: EncoderDescription): string[] {
  const depths = Array.from({ length: encoder.layers + 1 }, (_, depth) => stateName(depth));
  return [...depths, ...Array.from({ length: encoder.layers }, (_, layer) => attentionName(layer))];
}

/** Runs the network on tokens. */
export async function encodeText(
  model: LoadedModel,
  encoder: EncoderDescription,
  tokens: readonly LensToken[],
  signal?: AbortSignal,
): Promise<Encoded> {
  const inputs = inputsOf(tokens, textManifest(model.manifest).input);
  const { outputs, ...run } = await model.run(inputs, {
    outputs: lensValues(encoder),
    ...(signal && { signal }),
  });
  const read = (name: string): Float32Array => outputs[name].data;
  return {
    length: tokens.length,
    states: Array.from({ length: encoder.layers + 1 }, (_, depth) => read(stateName(depth))),
    attention: Array.from({ length: encoder.layers }, (_, layer) => read(attentionName(layer))),
    run,
  };
}

/**
 * What the head says to the states of one token at every depth: the same head, put behind earlier layers than the one it was trained
 * behind. Runs only the head. Throws a ThawError 'bad-input' for a place outside the text.
 */
export async function guessPiece(
  model: LoadedModel,
  encoder: EncoderDescription,
  { states, length }: Pick<Encoded, 'states' | 'length'>,
  place: number,
  tokenizer: Tokenizer,
  { count = 10, signal }: { count?: number; signal?: AbortSignal | undefined } = {},
): Promise<Guess> {
  if (!Number.isInteger(place) || place < 0 || place >= length)
    throw new ThawError({
      code: 'bad-input',
      message: `The text has ${length} tokens; there is none at place ${place}.`,
      advice: 'Choose a token of the text.',
    });
  const { width, pieces, layers } = encoder;
  const data = new Float32Array(states.length * width);
  states.forEach((state, depth) =>
    data.set(state.subarray(place * width, (place + 1) * width), depth * width),
  );
  const { name } = model.manifest.output;
  const given = { dtype: 'float32' as const, shape: [1, states.length, width], data };
  const { outputs } = await model.run(
    { [stateName(layers)]: given },
    { outputs: [name], ...(signal && { signal }) },
  );
  const logits = outputs[name].data;
  const depths = states.map((_, depth) =>
    topK(softmax(logits.subarray(depth * pieces, (depth + 1) * pieces)), count).map(
      ({ index, probability }) => ({
        id: index,
        piece: tokenizer.pieceOf(index) ?? String(index),
        probability,
      }),
    ),
  );
  return { place, depths };
}

/** The states of one token at every depth: float32 [width] each. */
export function statesOf({ states }: Pick<Encoded, 'states'>, place: number, width: number): Float32Array[] {
  return states.map((state) => state.subarray(place * width, (place + 1) * width));
}
