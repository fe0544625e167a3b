/** One sentence of the reader's: what the trained network says of it, and which words moved the decision. */
import { mostLetters } from '../bert-lens/text.ts';
import { probabilitiesOf } from './judge.ts';
import type { OpenRun } from './run.ts';
import { textBatch, type TextReader } from './text-batch.ts';

/** The value whose rows are weighed: the states of word pieces before anything was mixed, float32 [N, T, width]. */
const embeddings = 'embeddings.word';

/** A stretch of the sentence and how far it moved the answer: above 0 towards positive. */
export interface WordInfluence {
  readonly text: string;
  /** Gradient × input of the difference of the two logits, summed over the word's pieces. */
  readonly influence: number;
}

export interface SentenceAnswer {
  /** What was read: the sentence, cut where it was too long. */
  readonly sentence: string;
  /** Of the positive label. */
  readonly probability: number;
  readonly words: readonly WordInfluence[];
  /** The same of the pieces that frame the sentence. */
  readonly frame: number;
  /** Pieces that did not fit. */
  readonly cut: number;
  /** Pieces that the vocabulary does not know, of all. */
  readonly unknown: number;
  readonly pieces: number;
}

/** Asks a training about a sentence; undefined where nothing in it can be read. */
export async function askSentence(
  { training, length }: OpenRun,
  reader: TextReader,
  sentence: string,
): Promise<SentenceAnswer | undefined> {
  const shown = sentence.slice(0, mostLetters);
  const { tokenizer, input } = reader;
  const all = tokenizer.encode(shown);
  const tokens = tokenizer.encode(shown, { maxLength: length });
  if (tokens.every(({ isFrame }) => isFrame)) return undefined;
  const { logits, influence = new Float32Array() } = await training.ask({
    inputs: textBatch(reader, [shown], length),
    influence: { value: embeddings, direction: [-1, 1] },
  });
  const words = new Map<number, { start: number; end: number; influence: number }>();
  let frame = 0;
  tokens.forEach(({ word, start, end }, at) => {
    if (word === null) {
      frame += influence[at];
      return;
    }
    const known = words.get(word) ?? { start, end, influence: 0 };
    words.set(word, { start: known.start, end, influence: known.influence + influence[at] });
  });
  return {
    sentence: shown,
    probability: probabilitiesOf(logits)[0],
    words: [...words.values()].map(({ start, end, influence: sum }) => ({
      text: shown.slice(start, end),
      influence: sum,
    })),
    frame,
    cut: all.length - tokens.length,
    unknown: tokens.filter(({ piece }) => piece === input.special.unknown).length,
    pieces: tokens.filter(({ isFrame }) => !isFrame).length,
  };
}
