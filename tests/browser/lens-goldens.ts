/** Compares what a browser computed with the golden answers. */
import assert from 'node:assert/strict';
import { readGolden, readModelFiles, type GoldenCase } from '../golden/golden.ts';
import type { RecordedRun } from './lens.ts';
import { readFileSync } from 'node:fs';

/** The golden case of a gallery picture, and how the address names that picture. */
export function galleryCase(): { golden: GoldenCase; query: string } {
  const golden = readGolden('resnet-mixed').cases.find(({ input }) => input.kind === 'gallery');
  assert.ok(golden && golden.input.kind === 'gallery', 'the goldens hold no gallery picture');
  return { golden, query: `?picture=${golden.input.concept}.${golden.input.style}` };
}

/** Names of the five best classes by the golden answer, best first. */
export function goldenNames({ topk }: GoldenCase): string[] {
  const { folder, manifest } = readModelFiles('resnet-mixed');
  const labels = JSON.parse(readFileSync(folder + manifest.files.labels.path, 'utf8')) as { name: string }[];
  return topk.map(([index]) => labels[index]?.name ?? '');
}

/**
 * Asserts that a run agrees with PyTorch: logits and every value asked for, relative to the size of their numbers.
 * @param tolerance 1e-3 for float32 on any backend; int8 needs 0.1
 */
export function assertAgrees(run: RecordedRun, golden: GoldenCase, tolerance: number): void {
  const { logits: answer } = run.outputs as Partial<RecordedRun['outputs']>;
  const logits = answer?.data;
  assert.ok(logits, `the run returned ${Object.keys(run.outputs).join(', ')} and no logits`);
  const largest = Math.max(...golden.topk.map(([, logit]) => Math.abs(logit)));
  golden.logits.forEach((expected, index) =>
    within(logits[index], expected, tolerance * largest, `logit ${index}`),
  );
  for (const [index, expected] of golden.topk)
    within(logits[index], expected, tolerance * largest, `logit ${index}`);
  assert.equal(logits.indexOf(Math.max(...logits)), golden.topk[0]?.[0], 'the best class');
  for (const [name, { shape, data }] of Object.entries(run.outputs)) {
    const expected = golden.values[name];
    assert.ok(expected, `the goldens do not know ${name}`);
    assert.equal(shape.join(), expected.shape.join(), name);
    const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
    within(mean, expected.mean, tolerance * (Math.abs(expected.mean) + expected.std), `mean of ${name}`);
  }
}

function within(actual: number | undefined, expected: number, allowed: number, what: string): void {
  assert.ok(
    actual !== undefined && Math.abs(actual - expected) <= allowed + 1e-5,
    `${what} is ${actual}, PyTorch has ${expected} (allowed ${allowed})`,
  );
}
