import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

export { wilsonInterval as wilson } from '../../../src/labs/few-shot/accuracy.ts';

/** The source of a chapter, with runs of white space as single blanks. */
export function readChapter(folder: string): string {
  return readFileSync(`content/course/${folder}/index.mdx`, 'utf8').replaceAll(/\s+/g, ' ');
}

/** Fails unless the chapter prints every one of these computed pieces of text. */
export function assertPrinted(text: string, pieces: readonly string[]): void {
  for (const piece of pieces) assert.ok(text.includes(piece), `the chapter does not say “${piece}”`);
}

/** The chance of a split of fair coins at least as uneven as b to c. */
export function signTest(b: number, c: number): number {
  const n = b + c;
  let tail = 0;
  for (let i = Math.max(b, c); i <= n; i++) tail += choose(n, i);
  return Math.min(1, (2 * tail) / 2 ** n);
}

/** The binomial coefficient n over k. */
export function choose(n: number, k: number): number {
  let product = 1;
  for (let i = 1; i <= k; i++) product = (product * (n - k + i)) / i;
  return product;
}

/** The mean of the largest of k standard normal numbers, by numerical integration over ±8. */
export function meanOfLargest(k: number): number {
  const step = 1e-3;
  let cumulative = 0;
  let sum = 0;
  for (let x = -8; x < 8; x += step) {
    const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
    cumulative += density * step;
    sum += x * k * (cumulative - (density * step) / 2) ** (k - 1) * density * step;
  }
  return sum;
}
