/** Size budgets: what a reader downloads before starting anything. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { builtPages, dist, eachAtMost, openBlank, siteUrl } from './harness.ts';
import { weighReading, type Weight } from './weight.ts';

const kB = 1000;

test('pages stay within their budgets until the reader starts a figure', async (t) => {
  const site = await siteUrl();
  const pages = builtPages();
  const weights = await eachAtMost(pages, 2, async ({ path }) => ({
    path,
    weight: await weighReading(await openBlank(t), site, site + path),
  }));

  await t.test('landing page within 120 kB, fonts counted', () => {
    const landing = weights.find(({ path }) => path === '/');
    assert.ok(landing && landing.weight.totalBytes <= 120 * kB, landing && describe('/', landing.weight));
  });
  await t.test('every other page within 180 kB, fonts counted', () => {
    const heavy = weights.filter(({ weight }) => weight.totalBytes > 180 * kB);
    assert.equal(heavy.length, 0, heavy.map(({ path, weight }) => describe(path, weight)).join('\n'));
  });
  await t.test('no page sends more than 40 kB of script before intent', () => {
    const heavy = weights.filter(({ weight }) => weight.scriptBytes > 40 * kB);
    assert.equal(
      heavy.length,
      0,
      heavy.map(({ path, weight }) => `${describe(path, weight)}, script ${weight.scriptBytes}`).join('\n'),
    );
  });
  await t.test('neither runtime nor model is touched before intent', () => {
    const touched = weights
      .flatMap(({ weight }) => weight.files.map(([path]) => path))
      .filter((path) => /\.(onnx|wasm|gz)\b|^\/models\//.test(path));
    assert.deepEqual(touched, []);
  });
});

test('no file of the site exceeds 25 MiB', () => {
  const large = readdirSync(dist, { recursive: true, encoding: 'utf8' })
    .map((name) => join(dist, name))
    .filter((file) => statSync(file).size > 25 * 2 ** 20);
  assert.deepEqual(large, []);
});

function describe(path: string, weight: Weight): string {
  const largest = weight.files.slice(0, 8).map(([file, bytes]) => `${file} ${bytes}`);
  return `${path}: ${weight.totalBytes} bytes (${largest.join(', ')})`;
}
