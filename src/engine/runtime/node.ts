/** The runtime outside the browser, over onnxruntime-node: for precomputed frames, golden tests and the bench. */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createMemoryStore } from '../download/byte-store.ts';
import { sha256Hex } from '../download/sha256.ts';
import { ThawError } from '../errors.ts';
import { findModel, type Catalogue } from '../registry/catalogue.ts';
import { parseLabels } from '../registry/labels.ts';
import type { ModelFile } from '../registry/model-facts.ts';
import { openTrainings, type TrainingSource } from '../trainer/trainings.ts';
import type { RunningTraining, TrainingOrder } from '../trainer/types.ts';
import { openModelSessions } from './model-sessions.ts';
import { wrapSession, type CreateSession } from './ort-session.ts';
import type { BackendReport, DownloadPlan, LoadedModel, LoadOptions, Runtime } from './types.ts';

export interface NodeRuntimeOptions {
  /** Folder that the site is served from; default "public". */
  publicDir?: string;
  /** Threads of the native kernels; default 1, so that results do not depend on the machine. */
  threads?: number;
}

/**
 * A runtime over files: the models of the catalogue are read from the public folder and checked as downloads are.
 * Runs the fp32 graph unless `precision` says int8.
 */
export function createNodeRuntime(models: Catalogue['models'], options: NodeRuntimeOptions = {}): Runtime {
  const { publicDir = 'public', threads = 1 } = options;
  const catalogue: Pick<Catalogue, 'models'> = { models };
  return {
    planDownload: () => Promise.resolve(NOTHING_TO_FETCH),

    async load(
      modelId: string,
      { precision = 'fp32', values = [], weightSeed, remembers, stopsAtValues }: LoadOptions = {},
    ): Promise<LoadedModel> {
      const { manifestPath, manifest } = findModel(catalogue, modelId);
      const folder = join(publicDir, dirname(manifestPath));
      const { files } = manifest;
      const [weights, labelBytes, vocabulary] = await Promise.all([
        readChecked(folder, files.weights),
        files.labels && readChecked(folder, files.labels),
        'vocabulary' in files ? readChecked(folder, files.vocabulary) : undefined,
      ]);
      const create = await nativeSessions(threads);
      const want = { precision, values, weightSeed, remembers, stopsAtValues };
      const sessions = await openModelSessions(weights, manifest, want, create, () => performance.now());
      const report: BackendReport = { backend: 'native', build: 'node', threads, precision, note: '' };
      return {
        id: modelId,
        manifest,
        labels: labelBytes ? parseLabels(labelBytes, manifest) : [],
        vocabulary,
        report,
        storageRefused: false,
        run: async (inputs, { outputs = [], known = 0 } = {}) => ({
          ...report,
          ...(await sessions.run(inputs, outputs, known)),
        }),
        train: (order) =>
          trainHere(
            { stored: weights, identity: manifest.files.weights.sha256, createSession: create },
            order,
          ),
        dispose: () => sessions.release(),
      };
    },

    dispose: () => undefined,
  };
}

const NOTHING_TO_FETCH: DownloadPlan = {
  parts: [],
  totalBytes: 0,
  remainingBytes: 0,
  backend: 'wasm',
  build: 'wasm',
};

/** A training in this process; not kept anywhere. */
async function trainHere(
  source: Omit<TrainingSource, 'poolMethod'>,
  order: TrainingOrder,
): Promise<RunningTraining> {
  const trainings = openTrainings({
    enqueue: (_signal, work) => work(),
    listen: () => new Promise((resolve) => setImmediate(resolve)),
    store: createMemoryStore(),
    now: () => performance.now(),
  });
  const { training, step, steps } = await trainings.open({ ...source, poolMethod: 'indices' }, order);
  const never = new AbortController().signal;
  return {
    step,
    steps,
    drive: ({ signal = never, onNews = () => undefined } = {}) => trainings.drive(training, signal, onNews),
    steer(action) {
      trainings.steer(training, action);
      return Promise.resolve(null);
    },
    ask: (question) => trainings.ask(training, question),
    writeModel: () => Promise.resolve(trainings.write(training)),
    close: () => trainings.close(training).then(() => null),
  };
}

/** Sessions of onnxruntime-node on so many threads. */
export async function nativeSessions(threads: number): Promise<CreateSession> {
  const { default: ort } = await import('onnxruntime-node');
  return async (graph) => {
    const session = await ort.InferenceSession.create(graph, {
      graphOptimizationLevel: 'all',
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      logSeverityLevel: 3,
    });
    return wrapSession(ort, session);
  };
}

async function readChecked(folder: string, file: ModelFile): Promise<Uint8Array<ArrayBuffer>> {
  const path = join(folder, file.path);
  const bytes = new Uint8Array(await readFile(path));
  const sha256 = await sha256Hex(bytes);
  if (sha256 === file.sha256) return bytes;
  throw new ThawError({
    code: 'wrong-bytes',
    message: `${path} is not the file that its manifest describes.`,
    advice: 'Export the model and its manifest again.',
    details: { expectedSha256: file.sha256, actualSha256: sha256 },
  });
}
