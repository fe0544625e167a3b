/** The tiny encoder and the tiny decoder, loaded in Node as the runtime loads bundled networks. */
import { openModelSessions } from '../../../../src/engine/runtime/model-sessions.ts';
import { nativeSessions } from '../../../../src/engine/runtime/node.ts';
import type {
  BackendReport,
  LoadedModel,
  LoadOptions,
  Runtime,
} from '../../../../src/engine/runtime/types.ts';
import { describeEncoder } from '../../../../src/labs/bert-lens/encoder.ts';
import { describeDecoder } from '../../../../src/labs/gpt-lens/decoder.ts';
import {
  decoderFile,
  decoderManifest,
  encoderFile,
  encoderManifest,
  tinyVocabulary,
} from '../../../fixtures/onnx/encoder.ts';

export const tinyEncoder = describeEncoder(encoderFile(), 'tiny-encoder', 'Tiny encoder');
export const tinyDecoder = describeDecoder(decoderFile(), 'tiny-decoder', 'Tiny decoder');

/** A runtime that knows these two alone; `runs` counts what ran. */
export function tinyRuntime(): Runtime & { runs: string[][] } {
  const runs: string[][] = [];
  return {
    runs,
    planDownload: () => Promise.reject(new Error('nothing to plan')),
    async load(id: string, { values = [], remembers }: LoadOptions = {}): Promise<LoadedModel> {
      const isDecoder = id === 'tiny-decoder';
      const manifest = isDecoder ? decoderManifest() : encoderManifest();
      const file = isDecoder ? decoderFile() : encoderFile();
      const create = await nativeSessions(1);
      const want = { precision: 'fp32' as const, values, remembers };
      const sessions = await openModelSessions(file, manifest, want, create, () => performance.now());
      const report: BackendReport = {
        backend: 'native',
        build: 'node',
        threads: 1,
        precision: 'fp32',
        note: '',
      };
      return {
        id: manifest.id,
        manifest,
        labels: [],
        vocabulary: tinyVocabulary,
        report,
        storageRefused: false,
        run: async (inputs, { outputs = [], known = 0 } = {}) => {
          runs.push(Object.keys(inputs));
          return { ...report, ...(await sessions.run(inputs, outputs, known)) };
        },
        train: () => Promise.reject(new Error('no training here')),
        dispose: () => sessions.release(),
      };
    },
    dispose: () => undefined,
  };
}
