import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { readValues } from '../../../../src/site/values/index.ts';
import { describeModels, listManifests } from '../../../../src/site/values/models.ts';

const skip = existsSync('public/models/resnet-mixed/manifest.json') ? false : 'no model in public/models';
const page = {
  starlightRoute: { entry: { filePath: 'content/course/01-idea/index.mdx', body: '', data: {} } },
};

test('head and backbone add up to what fine-tuning trains', { skip }, async () => {
  const values = await readValues();
  const count = (name: string) => Number(values.get(`models.resnet-mixed.${name}`)?.replaceAll(',', ''));
  assert.ok(count('headParameters') > 0);
  assert.equal(count('headParameters') + count('backboneParameters'), count('trainable.fine-tuning'));
  assert.equal(count('trainable.feature-extractor'), count('headParameters'));
  assert.ok(count('trainable.last-stage') > count('headParameters'));
  assert.ok(count('trainable.last-stage') < count('trainable.fine-tuning'));
  assert.equal(count('trainable.from-scratch'), count('parameters'));
  assert.equal(count('headParameters'), 257 * count('classes'));
  assert.match(values.get('models.resnet-mixed.sizeBytes') ?? '', /MB$/);
});

test('the sentences of the course are counted in their files', async () => {
  const values = await readValues();
  const count = (name: string) => Number(values.get(`sentences.${name}`));
  assert.ok(count('count') >= 600);
  assert.equal(count('count'), 2 * count('domains') * count('perLabel'));
});

test('a model that is not there stops the build and names near ones', { skip }, () => {
  assert.match(describeModels(['resnet-mixed'], page), /^resnet-mixed, [\d.]+\u202fMB$/);
  assert.throws(
    () => describeModels(['resnet-mxied'], page),
    /content\/course\/01-idea.*resnet-mxied[^]*Did you mean "resnet-mixed"/,
  );
});

test('a folder without models gives none', () => {
  assert.deepEqual(listManifests('tests/fixtures/no-such-folder'), []);
});
