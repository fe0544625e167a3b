/** Files that other programs wrote come back byte for byte, read at once or opened lazily, and compute the same bits. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { openFileSource } from '../../../../src/engine/onnx/node-file-source.ts';
import { loadWeights } from '../../../../src/engine/onnx/load-weights.ts';
import { tensorsOf, mapTensors } from '../../../../src/engine/onnx/model-tensors.ts';
import { openModel } from '../../../../src/engine/onnx/open-model.ts';
import { readModel } from '../../../../src/engine/onnx/reader.ts';
import { readNumbers, readValues } from '../../../../src/engine/onnx/read-values.ts';
import type { Tensor } from '../../../../src/engine/onnx/types.ts';
import { dataTypeNumbers } from '../../../../src/engine/onnx/types.ts';
import { writeModel } from '../../../../src/engine/onnx/writer.ts';
import {
  bundledModel,
  computeOutputs,
  fixtureNames,
  inputsFor,
  modelPath,
  readFixture,
  referenceModel,
} from '../../../fixtures/onnx/models.ts';

const files = [...fixtureNames.map((name) => modelPath(`${name}.onnx`)), bundledModel];

describe('reading a file and writing it back', () => {
  it('covers every operator set from 7 to the newest', () => {
    const versions = fixtureNames
      .filter((name) => name.startsWith('opset-'))
      .map((name) => Number(name.slice(6)));
    assert.deepEqual(
      versions.sort((a, b) => a - b),
      Array.from({ length: 22 }, (_, index) => 7 + index),
    );
  });

  for (const path of files) {
    const name = path.split('/').at(-1)!;
    it(`gives the bytes of ${name}`, async () => {
      const file = new Uint8Array(readFileSync(path));
      const model = readModel(file);
      assert.ok(Buffer.compare(writeModel(model), file) === 0);
      const source = await openFileSource(path);
      try {
        const lazy = await openModel(source);
        if (path === bundledModel) assert.ok(tensorsOf(lazy).some(({ place }) => place !== undefined));
        assert.deepEqual(await loadWeights(lazy, ({ external }) => external === undefined), model);
      } finally {
        await source.close();
      }
    });
  }

  it('gives the bytes of MobileNetV2, its scales in typed fields', async (t) => {
    if (referenceModel === undefined) {
      t.skip('skipped: the data folder is not beside the checkout');
      return;
    }
    const file = new Uint8Array(readFileSync(referenceModel));
    const model = readModel(file);
    assert.ok(Buffer.compare(writeModel(model), file) === 0);
    const source = await openFileSource(referenceModel);
    const lazy = await openModel(source);
    assert.ok(tensorsOf(lazy).some(({ place }) => place !== undefined));
    assert.deepEqual(await loadWeights(lazy), model);
    await source.close();
  });
});

describe('what a runtime computes', () => {
  // of the fixtures: tensors holds types that no kernel takes, external needs its files (external-data.test.ts)
  const runnable = fixtureNames.filter((name) => name !== 'tensors' && name !== 'external');
  it('is the same bit for bit after reading and writing, typed fields turned into raw data', async () => {
    let ran = 0;
    for (const name of runnable) {
      const file = readFixture(name);
      const model = readModel(file);
      const raw = mapTensors(model, (tensor) => ({ ...tensor, dataField: undefined }));
      const inputs = inputsFor(model);
      const before = await computeOutputs(file, inputs).catch((error: unknown) => {
        // the runtime lags behind the newest operator sets
        assert.match(String(error), /opset|IR version/i, name);
        return undefined;
      });
      if (before === undefined) continue;
      ran++;
      assert.deepEqual(await computeOutputs(writeModel(raw), inputs), before, name);
      assert.equal(Object.keys(before).length, model.graph.outputs.length, name);
    }
    assert.ok(ran >= runnable.length - 6, `only ${ran} of ${runnable.length} ran`);
  });
});

describe('elements of every type', () => {
  const expected = JSON.parse(readFileSync(modelPath('tensors.json'), 'utf8')) as Record<string, unknown[]>;
  const { initializers, sparseInitializers } = readModel(readFixture('tensors')).graph;

  it('are those that the onnx package reads, from raw data and from typed fields', () => {
    const seen = new Set<string>();
    for (const tensor of initializers.values()) {
      const [kind] = tensor.name.split('.');
      assert.deepEqual(plainValues(tensor), expected[kind], tensor.name);
      seen.add(tensor.dtype);
    }
    assert.deepEqual([...seen].sort(), Object.keys(dataTypeNumbers).sort());
  });

  it('of a sparse tensor are its values and their places', () => {
    const sparse = sparseInitializers?.get('SPARSE');
    assert.deepEqual([...readNumbers(sparse!.values)], [5, -6]);
    assert.deepEqual([...readNumbers(sparse!.indices)], [1, 7]);
    assert.deepEqual(sparse!.dims, [3, 4]);
  });

  it('of a wrong number, or no numbers, are refused by name', () => {
    const tensor = initializers.get('INT4.raw')!;
    assert.throws(
      () => readValues({ ...tensor, dims: [9] }),
      /"INT4.raw", int4 \[9\], with 3 bytes where 5 belong/,
    );
    assert.throws(
      () => readNumbers(initializers.get('COMPLEX64.raw')!),
      /complex64, which are no plain numbers/,
    );
    const texts = initializers.get('STRING.typed')!;
    assert.throws(() => readNumbers(texts), /string, which are no plain numbers/);
    assert.throws(
      () => readValues({ ...texts, strings: [...texts.strings!.slice(1), Uint8Array.of(0xff)] }),
      /Element 3 of the tensor "STRING.typed" is a text that is not UTF-8/,
    );
  });
});

/** Elements as make_models.py writes them into tensors.json. */
function plainValues(tensor: Tensor): unknown[] {
  const values = readValues(tensor);
  if (tensor.dtype.startsWith('complex')) {
    const parts = [...(values as Float64Array)];
    return Array.from({ length: parts.length / 2 }, (_, index) => parts.slice(2 * index, 2 * index + 2));
  }
  return Array.from(values as ArrayLike<number | bigint | string>, (value) => {
    if (tensor.dtype === 'bool') return value === 1;
    if (typeof value === 'bigint')
      return value > 2n ** 53n || value < -(2n ** 53n) ? String(value) : Number(value);
    if (typeof value === 'string' || Number.isFinite(value)) return value;
    return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
  });
}
