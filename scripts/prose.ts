/**
 * `npm run prose`: words, sentence length and reading grade of every page of content/, and words that the spelling dictionary
 * does not know. Exits with 1 when there are such words.
 */
import { globSync, readFileSync } from 'node:fs';
import { measureReadability } from './prose/measure.ts';
import { createSpeller } from './prose/spelling.ts';

const pages = globSync('content/{course,reference}/**/*.mdx').toSorted();
const speller = createSpeller();
console.log(`${'page'.padEnd(48)} words  sentences  mean length  longest  grade`);
for (const file of pages) {
  const { words, sentences, meanLength, longest, grade } = measureReadability(readFileSync(file, 'utf8'));
  console.log(
    [
      file.padEnd(48),
      String(words).padStart(5),
      String(sentences).padStart(10),
      meanLength.toFixed(1).padStart(12),
      String(longest.words).padStart(8),
      grade.toFixed(1).padStart(6),
    ].join(' '),
  );
}
let unknown = 0;
for (const file of globSync('content/**/*.{md,mdx}').toSorted())
  for (const { word, line, suggestions } of speller.check(readFileSync(file, 'utf8'))) {
    unknown += 1;
    console.log(
      `${file}:${line}: “${word}”${suggestions.length ? `, perhaps ${suggestions.join(', ')}` : ''}`,
    );
  }
console.log(`${unknown} unknown words`);
process.exitCode = unknown > 0 ? 1 : 0;
