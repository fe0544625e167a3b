/** Sentences as a network reads them: word pieces, padded to one length, with a mask that tells padding. */
import type { TextManifest } from '../../engine/registry/text-manifest.ts';
import type { AnyTensors } from '../../engine/runtime/any-session.ts';
import type { Token, Tokenizer } from '../../text/token.ts';

/** What turns sentences into numbers. */
export interface TextReader {
  readonly tokenizer: Tokenizer;
  readonly input: TextManifest['input'];
}

/** The tokens of a sentence, cut at the longest that the network takes. */
export function tokensOf({ tokenizer, input }: TextReader, sentence: string): readonly Token[] {
  return tokenizer.encode(sentence, { maxLength: input.longest });
}

/** Sizes of the axis of tokens: multiples of this, so that a few words more seldom need a new graph. */
const grain = 8;

/** The length that all of the sentences fit into. */
export function lengthFor(reader: TextReader, sentences: Iterable<string>): number {
  let longest = 2;
  for (const sentence of sentences) longest = Math.max(longest, tokensOf(reader, sentence).length);
  return Math.min(reader.input.longest, Math.ceil(longest / grain) * grain);
}

/** Sentences as inputs by name: int64 [n, length] each; what is longer is cut and keeps its closing piece. */
export function textBatch(reader: TextReader, sentences: readonly string[], length: number): AnyTensors {
  const { tokenizer, input } = reader;
  const shape = [sentences.length, length];
  const ids = new BigInt64Array(sentences.length * length).fill(
    BigInt(tokenizer.idOf(input.special.pad) ?? 0),
  );
  const mask = new BigInt64Array(ids.length);
  sentences.forEach((sentence, row) => {
    const tokens = tokenizer.encode(sentence, { maxLength: length });
    tokens.forEach(({ id }, at) => {
      ids[row * length + at] = BigInt(id);
      mask[row * length + at] = 1n;
    });
  });
  return {
    [input.name]: { dtype: 'int64', shape, data: ids },
    ...(input.mask !== undefined && { [input.mask]: { dtype: 'int64', shape: [...shape], data: mask } }),
  };
}
