// The tokenizers over the course's own chapters and over the awkward lines of the goldens, in Node: one thread, the engine of Chromium.
import { globSync, readFileSync } from 'node:fs';
import {
  byteBpeAnswers,
  differences,
  referenceVocabulary,
  wordPieceAnswers,
} from '../tests/golden/tokenizer-answers.ts';
import { drawLines, readOwn, readShared } from '../tests/golden/tokenizer-lines.ts';
import { atLeast, median, rounded } from './row.mjs';

const rounds = 9;
/** Every text is read until so much has been read; nothing is remembered from one text to the next. */
const enoughBytes = 1e6;

/** Rows `tokenizer MB/s`, the slowest vocabulary over the slower kind of text, and `tokenizer equality`. */
export async function measure() {
  const reference = readShared(referenceVocabulary);
  if (!reference)
    throw new Error(
      `The bench needs ../shared/${referenceVocabulary}; THAW_SHARED says where the folder is.`,
    );
  const contenders = {
    'our vocabulary': wordPieceAnswers('bert-mini', readOwn('public/models/bert-mini/vocab.txt')),
    "BERT's 30,522 pieces": wordPieceAnswers('bert-base', reference),
    'byte-level BPE': byteBpeAnswers(),
  };
  const texts = {
    chapters: globSync('content/course/*/index.mdx').map((file) => readFileSync(file, 'utf8')),
    'awkward lines': drawLines(),
  };
  const speeds = Object.entries(contenders).flatMap(([name, { tokenizer }]) =>
    Object.entries(texts).map(([kind, list]) => ({
      name: `${name}, ${kind}`,
      speed: speedOver(tokenizer, list),
    })),
  );
  const slowest = Math.min(...speeds.map(({ speed }) => speed));
  const each = speeds.map(({ name, speed }) => `${name} ${rounded(speed, 1)}`).join('; ');
  const comparisons = Object.values(contenders).flatMap((one) => one.comparisons);
  const lines = comparisons.reduce((sum, { texts: own }) => sum + own.length, 0);
  const wrong = comparisons.reduce((sum, comparison) => sum + differences(comparison).length, 0);
  return [
    atLeast(
      'tokenizer MB/s',
      rounded(slowest, 2),
      'MB/s',
      1,
      `slowest of: ${each}; one thread, median of ${rounds}`,
    ),
    atLeast(
      'tokenizer equality',
      rounded(100 * (1 - wrong / lines)),
      '%',
      100,
      `${lines} comparisons of whole lines with the tokenizers library`,
    ),
  ];
}

/** UTF-8 megabytes a second. */
function speedOver(tokenizer, list) {
  const listBytes = Buffer.byteLength(list.join(''));
  const passes = Math.ceil(enoughBytes / listBytes);
  const seconds = Array.from({ length: rounds + 1 }, () => {
    const startedAt = performance.now();
    for (let pass = 0; pass < passes; pass += 1) for (const text of list) tokenizer.encode(text);
    return (performance.now() - startedAt) / 1000;
  });
  return (listBytes * passes) / 1e6 / median(seconds.slice(1));
}
