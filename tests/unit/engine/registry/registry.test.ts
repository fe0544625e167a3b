import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { isThawError } from '../../../../src/engine/errors.ts';
import { findModel, parseCatalogue } from '../../../../src/engine/registry/catalogue.ts';
import { parseLabels } from '../../../../src/engine/registry/labels.ts';
import { isTextManifest, parseAnyManifest, parseManifest } from '../../../../src/engine/registry/manifest.ts';
import {
  addressAt,
  addressOf,
  FULL_SIZE_MODELS,
  MODELS,
  MODELS_HOME,
  registryHosts,
} from '../../../../src/engine/registry/models.ts';
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
  it('allows the home of full-size networks and where it sends who asks, or the one that is configured', () => {
    assert.deepEqual(registryHosts(), ['https://huggingface.co', 'https://*.hf.co']);
    assert.deepEqual(registryHosts('https://models.example/thaw'), ['https://models.example']);
    assert.throws(() => registryHosts('models.example'), TypeError);
  });

  it('finds a file at its home, or below a folder', () => {
    assert.equal(
      addressAt(MODELS_HOME, 'a-net', 'a.onnx'),
      'https://huggingface.co/onnxmodelzoo/a-net/resolve/main/a.onnx',
    );
    assert.equal(addressAt('https://b.example/m/', 'a-net', 'a.onnx'), 'https://b.example/m/a-net/a.onnx');
  });

  it('reads how to crop, and refuses a scaled picture smaller than its part', () => {
    const manifest = buildManifest();
    const crop = (shorterSide: number) => ({
      ...manifest,
      storedPrecision: 'int8',
      input: { ...manifest.input, resize: { mode: 'crop', size: 64, background: '#ffffff', shorterSide } },
    });
    const read = parseManifest(crop(73), 'm.json');
    assert.deepEqual(read.input.resize, { mode: 'crop', size: 64, background: '#ffffff', shorterSide: 73 });
    assert.equal(read.storedPrecision, 'int8');
    assert.throws(() => parseManifest(crop(60), 'm.json'), /shorterSide.*at least the size, 64/);
  });

  it('takes what the public home keeps elsewhere from there, and all from a mirror', () => {
    const entry = {
      id: 'a-net',
      manifestPath: 'm.json',
      elsewhere: { 'vocab.txt': 'https://c.example/v.txt' },
    };
    assert.equal(addressOf(entry, MODELS_HOME, 'vocab.txt'), 'https://c.example/v.txt');
    assert.equal(addressOf(entry, MODELS_HOME, 'a.onnx'), addressAt(MODELS_HOME, 'a-net', 'a.onnx'));
    assert.equal(addressOf(entry, 'https://b.example/m', 'vocab.txt'), 'https://b.example/m/a-net/vocab.txt');
  });

  it('takes files of full-size networks only from hosts that the content policy allows', () => {
    const hosts = registryHosts();
    for (const entry of FULL_SIZE_MODELS)
      for (const address of Object.values(entry.elsewhere ?? {}))
        assert.ok(hosts.includes(new URL(address).origin), address);
  });

  it('names ImageNet’s classes once, for all full-size networks of pictures', () => {
    const bytes = readFileSync('public/full-size/imagenet/labels.json');
    for (const { manifestPath } of FULL_SIZE_MODELS) {
      const manifest = parseAnyManifest(
        JSON.parse(readFileSync(`public/${manifestPath}`, 'utf8')),
        manifestPath,
      );
      if (isTextManifest(manifest)) continue;
      const { labels } = manifest.files;
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      assert.deepEqual([labels.sizeBytes, labels.sha256], [bytes.length, sha256]);
      const names = parseLabels(bytes, manifest);
      assert.equal(new Set(names.map(({ id }) => id)).size, 1000);
      assert.deepEqual(
        [names[0]?.name, names[281]?.name, names[999]?.name],
        ['tench', 'tabby', 'toilet tissue'],
      );
    }
  });

  for (const { id, manifestPath } of [...MODELS, ...FULL_SIZE_MODELS]) {
    const path = `public/${manifestPath}`;
    it(`has a valid manifest for ${id}`, { skip: !existsSync(path) && `${path} is not there` }, () => {
      assert.equal(parseAnyManifest(JSON.parse(readFileSync(path, 'utf8')), path).id, id);
    });
  }
});
