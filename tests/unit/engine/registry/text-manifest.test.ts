import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isThawError } from '../../../../src/engine/errors.ts';
import { parseAnyManifest } from '../../../../src/engine/registry/manifest.ts';
import { parseTextManifest, type TextManifest } from '../../../../src/engine/registry/text-manifest.ts';
import { buildManifest } from './manifest-factory.ts';

const file = { path: 'file', sizeBytes: 10, sha256: 'a'.repeat(64) };

/** A manifest as training/ writes it for a language network, with these fields replaced. */
function buildTextManifest(changes: Partial<TextManifest> = {}): TextManifest {
  return {
    id: 'test-text',
    title: 'Test network',
    version: '1.0.0',
    task: 'masked-language-model',
    files: { weights: file, vocabulary: { ...file, path: '../bert-mini/vocab.txt' } },
    input: {
      name: 'input_ids',
      mask: 'attention_mask',
      shape: ['N', 'T'],
      dtype: 'int64',
      longest: 128,
      tokenizer: {
        kind: 'wordpiece',
        lowercase: true,
        stripAccents: true,
        continuation: '##',
        longestWord: 100,
      },
      special: { pad: '[PAD]', unknown: '[UNK]', start: '[CLS]', end: '[SEP]', mask: '[MASK]' },
      wrap: { before: '[CLS]', after: '[SEP]' },
    },
    output: { name: 'logits', classes: 8000 },
    activationRanges: { 'embeddings.norm': [-3, 3] },
    parameters: 1000,
    macs: 1000,
    licence: 'MIT',
    trainedOn: 'nothing',
    measured: [],
    recipe: 'training/test',
    ...changes,
  };
}

const copy = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown;

describe('parseTextManifest', () => {
  it('keeps every field of good manifests, with and without mask, end and labels', () => {
    const unmasked = buildTextManifest().input;
    delete unmasked.mask;
    const good = [
      buildTextManifest(),
      buildTextManifest({ task: 'language-model', input: { ...unmasked, wrap: { before: '[SEP]' } } }),
      buildTextManifest({
        task: 'text-classification',
        files: { weights: file, vocabulary: file, labels: file },
        output: { name: 'logits', classes: 2 },
      }),
      buildTextManifest({
        task: 'question-answering',
        storedPrecision: 'int8',
        answerEnd: 'end',
        input: { ...buildTextManifest().input, segments: 'segments', serial: 'ids', isPadded: true },
        output: { name: 'start', classes: 128 },
      }),
    ];
    for (const manifest of good) assert.deepEqual(parseTextManifest(copy(manifest), 'here'), manifest);
  });

  const { input } = buildTextManifest();
  const mistakes: [field: string, changes: object][] = [
    ['task', { task: 'image-classification' }],
    ['files.vocabulary', { files: { weights: file } }],
    ['files.labels', { task: 'text-classification' }],
    ['input.shape', { input: { ...input, shape: ['N', 3, 64, 64] } }],
    ['input.dtype', { input: { ...input, dtype: 'float32' } }],
    ['input.mask', { input: { ...input, mask: 3 } }],
    ['input.tokenizer.kind', { input: { ...input, tokenizer: { ...input.tokenizer, kind: 'letters' } } }],
    ['input.tokenizer.lowercase', { input: { ...input, tokenizer: { ...input.tokenizer, lowercase: 1 } } }],
    [
      'input.special.mask',
      { input: { ...input, special: { pad: 'p', unknown: 'u', start: 's', end: 'e' } } },
    ],
    ['input.wrap.before', { input: { ...input, wrap: {} } }],
    ['answerEnd', { task: 'question-answering' }],
    ['input.segments', { input: { ...input, segments: 1 } }],
    ['input.isPadded', { input: { ...input, isPadded: 'yes' } }],
    ['storedPrecision', { storedPrecision: 'fp16' }],
    ['input.longest', { input: { ...input, longest: 0 } }],
  ];
  for (const [field, changes] of mistakes)
    it(`names a mistake in ${field}`, () => {
      assert.throws(
        () => parseTextManifest({ ...buildTextManifest(), ...changes }, 'models/x/manifest.json'),
        (error) => isThawError(error, 'bad-manifest') && error.message.includes(`"${field}"`),
      );
    });
});

describe('parseAnyManifest', () => {
  it('tells language networks from picture networks by their task', () => {
    const picture = buildManifest();
    const text = buildTextManifest();
    assert.deepEqual(parseAnyManifest(copy(picture), 'here'), picture);
    assert.deepEqual(parseAnyManifest(copy(text), 'here'), text);
  });

  it('names the task when it knows none of them, and refuses what is no manifest', () => {
    for (const value of [{ ...buildManifest(), task: 'chess' }, null])
      assert.throws(
        () => parseAnyManifest(value, 'here'),
        (error) => isThawError(error, 'bad-manifest') && /"(task|manifest)"/.test(error.message),
      );
  });
});
