/** The tiny encoder, loaded in Node as the runtime loads bundled networks. */
import { openModelSessions } from '../../../../src/engine/runtime/model-sessions.ts';
import { nativeSessions } from '../../../../src/engine/runtime/node.ts';
import type {
  BackendReport,
  LoadedModel,
  LoadOptions,
  Runtime,
} from '../../../../src/engine/runtime/types.ts';
import { describeEncoder } from '../../../../src/labs/bert-lens/encoder.ts';
import { encoderFile, encoderManifest, tinyVocabulary } from '../../../fixtures/onnx/encoder.ts';

export const tinyEncoder = describeEncoder(encoderFile(), 'tiny-encoder', 'Tiny encoder');

/** A runtime that knows the tiny encoder alone; `runs` counts what ran. */
export function tinyRuntime(): Runtime & { runs: string[][] } {
  const runs: string[][] = [];
  const manifest = encoderManifest();
  return {
    runs,
    planDownload: () => Promise.reject(new Error('nothing to plan')),
    async load(_id: string, { values = [] }: LoadOptions = {}): Promise<LoadedModel> {
      const create = await nativeSessions(1);
      const want = { precision: 'fp32' as const, values };
      const sessions = await openModelSessions(encoderFile(), manifest, want, create, () =>
        performance.now(),
      );
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
        run: async (inputs, { outputs = [] } = {}) => {
          runs.push(Object.keys(inputs));
          return { ...report, ...(await sessions.run(inputs, outputs)) };
        },
        train: () => Promise.reject(new Error('no training here')),
        dispose: () => sessions.release(),
      };
    },
    dispose: () => undefined,
  };
}
