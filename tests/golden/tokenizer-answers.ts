/** What our tokenizers make of the goldens' lines, for the test that compares and for the bench that counts. */
import { readByteBpe } from '../../src/text/byte-bpe/tokenizer.ts';
import type { DecodeOptions, Token, Tokenizer } from '../../src/text/token.ts';
import type { PairTokenizer, WordPieceOptions } from '../../src/text/wordpiece/tokenizer.ts';
import { readWordPiece } from '../../src/text/wordpiece/tokenizer.ts';
import type { TokenizerGolden } from './tokenizer-lines.ts';
import {
  characterLines,
  checksumOf,
  drawLines,
  readOwn,
  readShared,
  readTokenizerGolden,
} from './tokenizer-lines.ts';

/** BERT's own vocabulary, beside the checkout. */
export const referenceVocabulary = 'data/reference/bert-base-uncased-vocab.txt';

/** The tokens of a line with this number, and their text. */
export type Answer = (line: string, number: number) => { tokens: Token[]; decoded: string };

/** Some lines, the library's checksums over them, and our answer to each. */
export interface Comparison {
  readonly name: string;
  readonly texts: readonly string[];
  readonly checksums: string;
  readonly answer: Answer;
}

/** A golden and our answers to it. */
export interface TokenizerAnswers {
  readonly golden: TokenizerGolden;
  readonly tokenizer: Tokenizer;
  readonly plain: Answer;
  readonly comparisons: readonly Comparison[];
  /** Files of real sentences that are not beside this checkout. */
  readonly missing: readonly string[];
}

const lines = drawLines();
const characters = characterLines();

const wordPieceWays: Record<string, WordPieceOptions & DecodeOptions> = {
  lines: {},
  cased: { lowerCase: false, tidy: false },
  accents: { stripAccents: false },
  stripped: { lowerCase: false, stripAccents: true },
};

/** WordPiece over the bytes of a vocabulary, beside the golden of this name. */
export function wordPieceAnswers(golden: string, bytes: Uint8Array): TokenizerAnswers {
  const plain = readWordPiece(bytes);
  const ways = Object.entries(wordPieceWays).map(([way, options]): [string, Answer] => {
    const tokenizer = readWordPiece(bytes, options);
    return [way, (line) => answerOf(tokenizer, tokenizer.encode(line), options)];
  });
  return compareWith(golden, plain, { ...Object.fromEntries(ways), pairs: pairAnswer(plain) });
}

/** Byte-level BPE over the small vocabulary. */
export function byteBpeAnswers(): TokenizerAnswers {
  const folder = 'tests/fixtures/tokenizers';
  const [vocabulary, merges] = [readOwn(`${folder}/vocab.json`), readOwn(`${folder}/merges.txt`)];
  const tokenizer = readByteBpe({ vocabulary, merges });
  return compareWith('byte-bpe', tokenizer, {
    lines: (line) => answerOf(tokenizer, tokenizer.encode(line), {}),
    cut: (line, number) =>
      answerOf(tokenizer, tokenizer.encode(line, { maxLength: maxLengthOf(number) }), { skipSpecial: false }),
  });
}

/** The numbers of the lines to which our answer is another than the library's. */
export function differences({ texts, checksums, answer }: Comparison): number[] {
  if (checksums.length !== texts.length * 4) throw new Error('The golden is about another number of lines.');
  return texts.flatMap((text, number) => {
    const { tokens, decoded } = answer(text, number);
    return checksumOf(tokens, decoded) === checksums.slice(number * 4, number * 4 + 4) ? [] : [number];
  });
}

function compareWith(name: string, tokenizer: Tokenizer, answers: Record<string, Answer>): TokenizerAnswers {
  const golden = readTokenizerGolden(name);
  const plain = answers.lines;
  const own = Object.entries(golden.checksums).map(([way, checksums]) => {
    const texts = way === 'characters' ? characters : lines;
    return { name: way, texts, checksums, answer: way === 'characters' ? plain : answers[way] };
  });
  const real = Object.entries(golden.files).flatMap(([file, checksums]) => {
    const bytes = readShared(file);
    const texts = new TextDecoder().decode(bytes).split('\n');
    return bytes ? [{ name: file, texts, checksums, answer: plain }] : [];
  });
  const missing = Object.keys(golden.files).filter((file) => !readShared(file));
  return { golden, tokenizer, plain, comparisons: [...own, ...real], missing };
}

function pairAnswer(tokenizer: PairTokenizer): Answer {
  return (line, number) => {
    const next = lines[(number + 1) % lines.length];
    const tokens = tokenizer.encodePair(line, next, { maxLength: maxLengthOf(number) });
    return answerOf(tokenizer, tokens, { skipSpecial: false });
  };
}

function answerOf(tokenizer: Tokenizer, tokens: Token[], how: DecodeOptions): ReturnType<Answer> {
  const ids = tokens.map(({ id }) => id);
  return { tokens, decoded: tokenizer.decode(ids, how) };
}

/** From 3, which leaves no token of a pair, upwards. */
const maxLengthOf = (number: number): number => 3 + ((number * 7) % 60);
