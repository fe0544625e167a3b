import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { isThawError } from '../../../../src/engine/errors.ts';
import { findModel, parseCatalogue } from '../../../../src/engine/registry/catalogue.ts';
import { parseLabels } from '../../../../src/engine/registry/labels.ts';
import { parseManifest } from '../../../../src/engine/registry/manifest.ts';
import { MODELS, registryHosts } from '../../../../src/engine/registry/models.ts';
import { buildManifest } from './manifest-factory.ts';

const bytesOf = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const label = (id: string) => ({ id, name: id, source: 'photo' });

describe('parseManifest', () => {
  it('keeps every field of a good manifest', () => {
    const manifest = buildManifest({ activationRanges: { input: [-1, 1] } });
    assert.deepEqual(parseManifest(JSON.parse(JSON.stringify(manifest)), 'here'), manifest);
  });

  const mistakes: [field: string, make: (manifest: Record<string, never>) => unknown][] = [
    ['manifest', () => null],
    ['id', (manifest) => ({ ...manifest, id: 'Not An Id' })],
    ['task', (manifest) => ({ ...manifest, task: 'chess' })],
    [
      'files.weights.sha256',
      (m) => ({ ...m, files: { weights: { path: 'x', sizeBytes: 1, sha256: 'short' }, labels: m['files'] } }),
    ],
    [
      'input.shape',
      (manifest) => ({ ...manifest, input: { ...(manifest['input'] as object), shape: [3, 64] } }),
    ],
    ['input.mean', (manifest) => ({ ...manifest, input: { ...(manifest['input'] as object), mean: 0.5 } })],
    ['parameters', (manifest) => ({ ...manifest, parameters: 1.5 })],
    ['activationRanges.x', (manifest) => ({ ...manifest, activationRanges: { x: [2, 1] } })],
    ['measured[0].value', (manifest) => ({ ...manifest, measured: [{ name: 'top-1', value: 'high' }] })],
  ];
  for (const [field, make] of mistakes)
    it(`names a mistake in ${field}`, () => {
      const broken = make(JSON.parse(JSON.stringify(buildManifest())) as Record<string, never>);
      assert.throws(
        () => parseManifest(broken, 'models/x/manifest.json'),
        (error) =>
          isThawError(error, 'bad-manifest') &&
          error.message.includes('models/x/manifest.json') &&
          error.message.includes(`"${field}"`),
      );
    });
});

describe('parseLabels', () => {
  const manifest = buildManifest({ output: { name: 'logits', classes: 2 } });

  it('reads classes in output order', () => {
    const labels = parseLabels(bytesOf([label('cat'), label('dog')]), manifest);
    assert.deepEqual(
      labels.map(({ id }) => id),
      ['cat', 'dog'],
    );
  });

  it('refuses a wrong count, wrong fields and what is no JSON', () => {
    for (const bytes of [
      bytesOf([label('cat')]),
      bytesOf([label('cat'), { id: 1 }]),
      bytesOf({}),
      Uint8Array.of(1, 2),
    ])
      assert.throws(
        () => parseLabels(bytes, manifest),
        (error) => isThawError(error, 'bad-manifest'),
      );
  });
});

describe('catalogue', () => {
  const manifest = buildManifest();

  it('finds models and lists the known ones when there is none', () => {
    const catalogue = { models: [{ manifestPath: 'm.json', manifest }] };
    assert.equal(findModel(catalogue, 'test-net').manifest, manifest);
    assert.throws(() => findModel(catalogue, 'rsenet'), /"rsenet"; known here: test-net/);
  });

  it('refuses a page that carries none', () =>
    assert.throws(() => parseCatalogue({}), /does not say which files/));
});

describe('registry', () => {
  it('allows no host outside the site, as every network is bundled', () =>
    assert.deepEqual(registryHosts(), []));

  for (const { id, manifestPath } of MODELS) {
    const path = `public/${manifestPath}`;
    it(`has a valid manifest for ${id}`, { skip: !existsSync(path) && `${path} is not there` }, () => {
      assert.equal(parseManifest(JSON.parse(readFileSync(path, 'utf8')), path).id, id);
    });
  }
});
