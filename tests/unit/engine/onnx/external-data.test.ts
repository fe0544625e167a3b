import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { blobSource, bytesSource } from '../../../../src/engine/onnx/byte-source.ts';
import type { ByteSource } from '../../../../src/engine/onnx/byte-source.ts';
import {
  attachExternalData,
  externalFiles,
  missingFiles,
} from '../../../../src/engine/onnx/external-data.ts';
import { loadTensor, loadWeights } from '../../../../src/engine/onnx/load-weights.ts';
import { openModel } from '../../../../src/engine/onnx/open-model.ts';
import { readModel } from '../../../../src/engine/onnx/reader.ts';
import type { Model } from '../../../../src/engine/onnx/types.ts';
import { writeModel } from '../../../../src/engine/onnx/writer.ts';
import { computeOutputs, inputsFor, modelPath, readFixture } from '../../../fixtures/onnx/models.ts';

const file = readFixture('external');
const contents = ['external-1.bin', 'external-2.bin'].map(
  (path) => [path, new Uint8Array(readFileSync(modelPath(path)))] as const,
);
const files = new Map<string, ByteSource>(
  contents.map(([name, data]) => [name, blobSource(new Blob([data]), name)]),
);

/** The model with other entries for its tensor "b". */
function withEntries(entries: Record<string, string>): Model {
  const model = readModel(file);
  const initializers = new Map(model.graph.initializers);
  initializers.set('b', { ...initializers.get('b')!, external: new Map(Object.entries(entries)) });
  return { ...model, graph: { ...model.graph, initializers } };
}

describe('weights in files beside the model', () => {
  it('are found by name and compute what the runtime computes from the files', async () => {
    const model = await openModel(bytesSource(file, 'external.onnx'), { files });
    const loaded = await loadWeights(model);
    const inputs = inputsFor(model);
    assert.deepEqual(
      await computeOutputs(writeModel(loaded), inputs),
      await computeOutputs(
        file,
        inputs,
        contents.map(([path, data]) => ({ path, data })),
      ),
    );
    assert.ok([...loaded.graph.initializers.values()].every(({ external }) => external === undefined));
  });

  it('are listed, and the missing ones named, while the model can be shown without them', async () => {
    const one = new Map([...files].slice(0, 1));
    const model = await openModel(bytesSource(file), { files: one });
    assert.deepEqual(externalFiles(model), [
      { location: 'external-1.bin', tensorNames: ['a', 'b'] },
      { location: 'external-2.bin', tensorNames: ['c'] },
    ]);
    assert.deepEqual(missingFiles(model, one), ['external-2.bin']);
    assert.deepEqual(model.graph.initializers.get('c')?.dims, [6, 2]);
    await assert.rejects(
      loadTensor(model.graph.initializers.get('c')!),
      (error: Error & { advice?: string }) => {
        assert.match(error.message, /elements of "c" are in the file "external-2.bin", which was not opened/);
        assert.match(error.advice ?? '', /Open the model together with "external-2.bin"/);
        return true;
      },
    );
  });

  it('keep their place when the model is written', async () => {
    const model = await openModel(bytesSource(file), { files });
    assert.deepEqual(writeModel(model), file);
  });

  it('are refused when the path could leave the model’s folder', () => {
    const paths = [
      '../secret',
      'a/../../secret',
      '/etc/passwd',
      '\\\\host\\share',
      'C:\\x',
      '..\\x',
      '',
      '~/x',
      'a\0b',
      'file:x',
    ];
    for (const location of paths) {
      assert.throws(
        () => attachExternalData(withEntries({ location }), new Map()),
        /"b" says that its elements are in ".*", which is no file beside the model/s,
        location,
      );
    }
    const fine = withEntries({ location: './sub/external-1.bin', offset: '4096' });
    assert.ok(
      attachExternalData(fine, files).graph.initializers.get('b')?.place,
      'a folder inside is found by its file',
    );
  });

  it('are refused when their range is not in the file or not theirs', () => {
    const cases: [Record<string, string>, RegExp][] = [
      [
        { offset: '5000' },
        /"external-1.bin" is 4120 bytes long, but the elements of "b", float32 \[6\], would be bytes 5000 to 5024/,
      ],
      [{ offset: '4096', length: '25' }, /"b", float32 \[6\], has 25 bytes of external data where 24 belong/],
      [{ offset: '-4' }, /gives "-4" as the offset/],
      [{ offset: '1e3' }, /gives "1e3" as the offset/],
      [{ offset: '9'.repeat(16) }, /gives "9{16}" as the offset|is 4120 bytes long/],
      [{ length: 'all' }, /gives "all" as the length/],
    ];
    for (const [entries, sentence] of cases) {
      const model = withEntries({ location: 'external-1.bin', ...entries });
      assert.throws(() => attachExternalData(model, files), sentence, JSON.stringify(entries));
    }
  });
});
