/** What the goldens of language networks hold, and how answers are compared with them. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { topK } from '../../src/engine/preprocess/probabilities.ts';
import type { TextManifest } from '../../src/engine/registry/text-manifest.ts';
import type { ValueSummary } from './golden.ts';

/** One sentence with what PyTorch computed for it. */
export interface TextCase {
  sentence: string;
  pieces: string[];
  ids: number[];
  /** The five best pieces and their logits at each asked place. */
  best: Record<string, [id: number, logit: number][]>;
  values: Record<string, ValueSummary>;
}

/** A file of `python -m training.<recipe> golden`; `More` is what its cases have besides. */
export interface TextGolden<More = unknown> {
  made: { script: string; model: { sha256: string }; vocabulary: { sha256: string }; tolerance: number };
  cases: (TextCase & More)[];
}

/** The manifest tells the truth about its files, and the goldens were made from them. */
export function checkFiles({ made, cases }: TextGolden, manifest: TextManifest, folder: string): void {
  for (const file of [manifest.files.weights, manifest.files.vocabulary]) {
    assert.equal(statSync(folder + file.path).size, file.sizeBytes, file.path);
    assert.equal(sha256(readFileSync(folder + file.path)), file.sha256, file.path);
  }
  assert.equal(made.model.sha256, manifest.files.weights.sha256, `make them again: ${made.script}`);
  assert.equal(made.vocabulary.sha256, manifest.files.vocabulary.sha256);
  assert.ok(cases.length >= 3);
}

/** Logits [T, pieces] at the asked places are those of the golden; near ties may change places. */
export function compareBest(
  logits: Float32Array,
  { best }: TextCase,
  { pieces, tolerance }: { pieces: number; tolerance: number },
): void {
  for (const [place, expected] of Object.entries(best)) {
    const row = rowOf(logits, place, pieces);
    const found = topK(row, 5);
    const scale = Math.max(...expected.map(([, value]) => Math.abs(value)));
    expected.forEach(([id, logit], rank) => {
      const allowed = tolerance * scale + 1e-4;
      assert.ok(Math.abs(found[rank].probability - logit) <= allowed, `${place}, rank ${rank}`);
      assert.ok(Math.abs(row[id] - logit) <= allowed, `${place}, piece ${id}`);
    });
  }
}

/** What int8 may cost: logits within a tenth of the largest. */
export function checkInt8(logits: Float32Array, { sentence, best }: TextCase, pieces: number): void {
  for (const [place, expected] of Object.entries(best)) {
    const row = rowOf(logits, place, pieces);
    const largest = Math.max(...expected.map(([, logit]) => Math.abs(logit)));
    for (const [id, logit] of expected)
      assert.ok(
        Math.abs(row[id] - logit) <= 0.1 * largest,
        `${sentence}: logit ${id} is ${row[id]} instead of ${logit}`,
      );
  }
}

/** A tensor has the golden's shape, mean, deviation and first numbers. */
export function compareValue(
  what: string,
  { shape, data }: { shape: number[]; data: Float32Array },
  expected: ValueSummary,
  tolerance: number,
): void {
  assert.deepEqual(shape, expected.shape, what);
  const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
  const deviation = Math.sqrt(data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / data.length);
  const scale = Math.abs(expected.mean) + expected.std;
  closeTo(mean, expected.mean, tolerance, `${what}: mean`, scale);
  closeTo(deviation, expected.std, tolerance, `${what}: standard deviation`, scale);
  expected.first.forEach((value, i) => closeTo(data[i] ?? NaN, value, tolerance, `${what}[${i}]`, scale));
}

/** Two numbers agree, relative to the size of their value's numbers; the file rounds to six decimals. */
export function closeTo(actual: number, expected: number, tolerance: number, what: string, scale = 1): void {
  const allowed = tolerance * Math.max(Math.abs(expected), scale) + 1e-5;
  assert.ok(
    Math.abs(actual - expected) <= allowed,
    `${what} is ${actual}, expected ${expected} within ${allowed}`,
  );
}

function rowOf(logits: Float32Array, place: string, pieces: number): Float32Array {
  return logits.subarray(Number(place) * pieces, (Number(place) + 1) * pieces);
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
