/** A text as the inputs of a language network. */
import type { Token, Tokenizer } from '../../text/token.ts';

/** A tokenizer made from files, and what kind it is. */
export interface OpenVocabulary {
  kind: 'wordpiece' | 'byte-bpe';
  tokenizer: Tokenizer;
}

/** Whether a file looks like part of a vocabulary, by its name. */
export function isVocabularyFile(name: string): boolean {
  return /\.(txt|json)$/i.test(name);
}

/** What a text gives an input: ids of its tokens, ones where there are tokens, their segments, their places. */
export type TextFill = 'ids' | 'mask' | 'segments' | 'positions';

/** Numbers [1, length] for a text; places behind its end hold the padding piece, or 0. Cut where it is longer. */
export function textNumbers(
  { tokenizer }: OpenVocabulary,
  text: string,
  length: number,
  fill: TextFill,
): number[] {
  const tokens = tokenizer.encode(text, { maxLength: length });
  const padding = tokenizer.idOf('[PAD]') ?? 0;
  const of: Record<TextFill, (token: Token | undefined, place: number) => number> = {
    ids: (token) => token?.id ?? padding,
    mask: (token) => (token ? 1 : 0),
    segments: (token) => token?.segment ?? 0,
    positions: (_, place) => place,
  };
  return Array.from({ length }, (_, place) => of[fill](tokens[place], place));
}

/** How many tokens a text has, those that frame it among them. */
export function countTokens({ tokenizer }: OpenVocabulary, text: string): number {
  return tokenizer.encode(text).length;
}
