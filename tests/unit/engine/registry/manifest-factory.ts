import type { Manifest } from '../../../../src/engine/registry/manifest.ts';

/** A manifest that fits tests/fixtures/onnx/resnet.ts, with these fields replaced. */
export function buildManifest(changes: Partial<Manifest> = {}): Manifest {
  return {
    id: 'test-net',
    title: 'Test network',
    version: '1.0.0',
    task: 'image-classification',
    files: {
      weights: { path: 'model.onnx', sizeBytes: 1000, sha256: 'a'.repeat(64) },
      labels: { path: 'labels.json', sizeBytes: 100, sha256: 'b'.repeat(64) },
    },
    input: {
      name: 'input',
      shape: ['N', 3, 64, 64],
      dtype: 'float32',
      layout: 'NCHW',
      mean: [0.48, 0.448, 0.398],
      std: [0.277, 0.269, 0.282],
      scale: 255,
      resize: { mode: 'contain', size: 64, background: '#ffffff' },
    },
    output: { name: 'logits', classes: 4 },
    parameters: 1000,
    macs: 1000,
    licence: 'MIT',
    trainedOn: 'nothing',
    measured: [],
    recipe: 'training/test',
    ...changes,
  };
}
