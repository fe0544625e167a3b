import { createMemoryStore } from '../../../../src/engine/download/byte-store.ts';
import { createDownloader } from '../../../../src/engine/download/downloader.ts';
import { createStillLine } from '../download/still-line.ts';
import { sha256Hex } from '../../../../src/engine/download/sha256.ts';
import { writeModel } from '../../../../src/engine/onnx/writer.ts';
import type { Catalogue } from '../../../../src/engine/registry/catalogue.ts';
import type { Capabilities } from '../../../../src/engine/runtime/backend.ts';
import { createRuntime } from '../../../../src/engine/runtime/client.ts';
import type { WorkerPort } from '../../../../src/engine/runtime/connection.ts';
import type { OpenBuild } from '../../../../src/engine/runtime/open-build.ts';
import type { CreateSession, OrtSession } from '../../../../src/engine/runtime/ort-session.ts';
import type { FromWorker, ToWorker } from '../../../../src/engine/runtime/protocol.ts';
import type { NamedTensors } from '../../../../src/engine/runtime/types.ts';
import { createWorkerEngine } from '../../../../src/engine/runtime/worker-engine.ts';
import { openTrainings } from '../../../../src/engine/trainer/trainings.ts';
import { buildResnet } from '../../../fixtures/onnx/resnet.ts';
import { hashOf } from '../download/faulty-host.ts';
import { buildManifest } from '../registry/manifest-factory.ts';

const classes = 4;
const weights = writeModel(buildResnet({ classes }));
const labels = new TextEncoder().encode(
  JSON.stringify(
    Array.from({ length: classes }, (_, i) => ({ id: `c${i}`, name: `class ${i}`, source: 'photo' })),
  ),
);
const wasm = new Uint8Array(50).fill(1);

const manifest = buildManifest({
  files: {
    weights: { path: 'model.onnx', sizeBytes: weights.length, sha256: hashOf(weights) },
    labels: { path: 'labels.json', sizeBytes: labels.length, sha256: hashOf(labels) },
  },
  output: { name: 'logits', classes },
});
const wasmFile = { path: 'generated/ort/a.wasm', sizeBytes: wasm.length, sha256: hashOf(wasm) };
const build = { wasm: wasmFile, glue: { path: 'generated/ort/a.mjs', sizeBytes: 1, sha256: '' } };

const catalogue: Catalogue = {
  runtime: { version: '1', builds: { wasm: build, jspi: build, asyncify: build } },
  models: [{ manifestPath: 'models/test-net/manifest.json', manifest }],
};

export const totalBytes = weights.length + labels.length + wasm.length;

/** What a test may change about the fake browser. */
export interface FakeOptions {
  can?: Partial<Capabilities>;
  /** Called for each session run; default: zeros at once. Reject to let the run fail. */
  onRun?: (outputs: readonly string[]) => Promise<void>;
  /** Real sessions in place of fake ones. */
  createSession?: CreateSession;
  /** Called when a build is opened. Throw to let it fail. */
  onOpen?: (build: string) => void;
  /** Whether the network is there; default always. */
  isOnline?: () => boolean;
  /** Whether a byte of the weights is another on the way; default never. */
  isDamaged?: () => boolean;
}

/** A runtime over a worker that lives in this thread: real client, protocol and engine; network, kernels and GPU are fakes. */
export function createFakeRuntime(options: FakeOptions = {}) {
  const store = createMemoryStore();
  const requests: string[] = [];
  const runs: string[][] = [];
  const workers: {
    crash: (reason: string) => void;
    isTerminated: boolean;
    released: number;
    sessions: number;
    /** What the page asked for. */
    threads: number | 'measure' | undefined;
  }[] = [];
  const loseDevice: (() => void)[] = [];

  const fetchFake = (url: string) => {
    requests.push(url);
    if (options.isOnline && !options.isOnline()) return Promise.reject(new TypeError('offline'));
    const body = url.includes('model.onnx') ? weights : url.includes('labels') ? labels : wasm;
    const isDamaged = body === weights && options.isDamaged?.();
    return Promise.resolve(new Response(isDamaged ? body.map((byte) => byte ^ 1) : body));
  };

  function startWorker(): WorkerPort {
    let onMessage: (message: FromWorker) => void = () => undefined;
    const state = {
      crash: (_: string) => undefined,
      isTerminated: false,
      released: 0,
      sessions: 0,
      threads: undefined as number | 'measure' | undefined,
    };
    const answer = (message: FromWorker) => {
      if (!state.isTerminated) queueMicrotask(() => onMessage(structuredClone(message)));
    };
    const engine = createWorkerEngine({
      downloader: createDownloader({
        fetch: fetchFake,
        store,
        sha256: sha256Hex,
        wait: () => Promise.resolve(),
        line: createStillLine(),
      }),
      openBuild(request) {
        options.onOpen?.(request.build);
        const lost = Promise.withResolvers<string>();
        loseDevice.push(() => lost.resolve('lost'));
        const open: OpenBuild = {
          threads: 1,
          adapter: 'fake adapter',
          deviceLost: lost.promise,
          createSession: () => (graph) => {
            state.sessions++;
            if (options.createSession) return options.createSession(graph);
            return Promise.resolve(fakeSession(state));
          },
          openSession: () => Promise.reject(new Error('the page’s worker opens no files of readers')),
        };
        return Promise.resolve(open);
      },
      post: answer,
      openTrainings: (enqueue) =>
        Promise.resolve(
          openTrainings({
            enqueue,
            listen: () => new Promise((resolve) => setImmediate(resolve)),
            store,
            now: () => performance.now(),
          }),
        ),
      gpu: { take: () => ({ dispatches: 3, kernels: { Conv: 3 } }) },
      now: () => performance.now(),
    });
    workers.push(state);
    return {
      listen(message, crash) {
        onMessage = message;
        state.crash = crash as (reason: string) => undefined;
        answer({ kind: 'ready' });
      },
      post(message: ToWorker) {
        if (message.kind === 'start') state.threads = message.threads;
        else engine(structuredClone(message));
      },
      terminate: () => (state.isTerminated = true),
    };
  }

  function fakeSession(state: { released: number }): OrtSession {
    return {
      async run(_inputs, outputs) {
        runs.push([...outputs]);
        await options.onRun?.(outputs);
        return Object.fromEntries(
          outputs.map((name) => [
            name,
            { dtype: 'float32' as const, shape: [1, classes], data: new Float32Array(classes) },
          ]),
        );
      },
      release() {
        state.released++;
        return Promise.resolve();
      },
    };
  }

  const runtime = createRuntime({
    catalogue,
    siteRoot: 'https://site.test/sub/',
    startWorker,
    store,
    capabilities: () =>
      Promise.resolve({
        webAssembly: true,
        gpu: 'none',
        jspi: true,
        isolated: false,
        cores: 2,
        ...options.can,
      }),
  });
  return { runtime, requests, runs, workers, loseDevice };
}

/** An input of the right shape, float32 [1, 3, 64, 64]. */
export function makeInput(): NamedTensors {
  return { input: { dtype: 'float32', shape: [1, 3, 64, 64], data: new Float32Array(3 * 64 * 64) } };
}
