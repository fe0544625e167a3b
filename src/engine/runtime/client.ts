import type { ByteStore } from '../download/byte-store.ts';
import { createSharedWork } from '../download/shared-work.ts';
import { ThawError, isThawError, type ThawErrorCode } from '../errors.ts';
import { findModel, type Catalogue } from '../registry/catalogue.ts';
import { chooseBackend, needsAdapter, type BackendChoice, type Capabilities } from './backend.ts';
import { openConnection, type Connection, type WorkerPort } from './connection.ts';
import { buildRequest, neededFiles, planFiles, type NeededFiles } from './plan.ts';
import type { Loaded, LoadEvent } from './protocol.ts';
import type { BackendWish, LoadedModel, LoadOptions, Runtime } from './types.ts';

/** What the client needs from the place it runs in. */
export interface RuntimePorts {
  catalogue: Catalogue;
  /** Absolute address of the site's root, with a slash at the end. */
  siteRoot: string;
  startWorker: () => WorkerPort;
  /** Threads for WASM kernels; default 'measure': as many as help now. */
  threads?: number | 'measure';
  /** Where downloaded files are kept; only asked, here, for what is in it. */
  store: ByteStore;
  /** What this browser can do; with `askAdapter`, graphics included. */
  capabilities: (askAdapter: boolean) => Promise<Capabilities>;
}

/** A load as it goes to the worker, and again to the next worker if that one dies. */
interface LoadSpec {
  key: string;
  entry: Catalogue['models'][number];
  choice: BackendChoice;
  values: readonly string[];
  weightSeed: number | undefined;
}

/** A load that some worker answered; worth something only while that worker lives. */
interface Attached {
  connection: Connection;
  loaded: Loaded;
}

type LoadListeners = Pick<LoadOptions, 'signal' | 'onProgress' | 'onStage'>;

/** Failures of a WebGPU load after which WASM is tried. */
const FALL_BACK_AFTER: readonly ThawErrorCode[] = [
  'no-webgpu',
  'device-lost',
  'run-failed',
  'bad-model',
  'out-of-memory',
  'worker-crashed',
];

/** A runtime that starts its one worker at the first load and a new one after a crash. See browser.ts for a page's ports. */
export function createRuntime(ports: RuntimePorts): Runtime {
  const { catalogue, siteRoot } = ports;
  const attachedByKey = new Map<string, Attached>();
  const users = new Map<string, number>();
  const loads = createSharedWork<LoadEvent, Attached>('Loading');
  /** Bytes that the worker reported, by hash: the only record where storage is refused. */
  const arrivedBytes = new Map<string, number>();
  let connection: Connection | undefined;
  let isDisposed = false;

  async function choose(wish: BackendWish, { manifest }: LoadSpec['entry']): Promise<BackendChoice> {
    return chooseBackend(wish, await ports.capabilities(needsAdapter(wish, manifest)), manifest);
  }

  function connect(): Connection {
    if (isDisposed) throw disposed();
    if (connection?.isAlive) return connection;
    arrivedBytes.clear();
    connection = openConnection(ports.startWorker(), { siteRoot, threads: ports.threads ?? 'measure' });
    return connection;
  }

  async function attach(spec: LoadSpec, listeners: LoadListeners): Promise<Attached> {
    const files = neededFiles(catalogue, spec.entry, spec.choice.build, siteRoot);
    const known = attachedByKey.get(spec.key);
    if (known?.connection.isAlive) {
      announceComplete(files, listeners);
      return known;
    }
    const onEvent = await trackLoad(files, spec.choice, listeners);
    return loads.join(
      spec.key,
      async (emit, signal) => {
        const worker = connect();
        const loaded = await worker.request(
          {
            kind: 'load',
            manifest: spec.entry.manifest,
            files: { weights: files.weights, labels: files.labels },
            runtime: buildRequest(catalogue, spec.choice.build, files.runtime, siteRoot),
            backend: spec.choice.backend,
            precision: spec.choice.precision,
            values: spec.values,
            weightSeed: spec.weightSeed,
          },
          { signal, onEvent: emit },
        );
        const attached = { connection: worker, loaded };
        attachedByKey.set(spec.key, attached);
        return attached;
      },
      { signal: listeners.signal, onEvent },
    );
  }

  /** Turns the worker's events into sums over all files, starting from what is stored. */
  async function trackLoad(
    files: NeededFiles,
    choice: BackendChoice,
    { onProgress, onStage }: LoadListeners,
  ): Promise<(event: LoadEvent) => void> {
    const { parts, totalBytes } = await planFiles(files, choice, ports.store, arrivedBytes);
    const received = new Map(parts.map(({ name, storedBytes }) => [name, storedBytes]));
    return (event) => {
      if (event.kind === 'stage') {
        onStage?.(event.stage);
        return;
      }
      const { part, receivedBytes } = event.progress;
      received.set(part, receivedBytes);
      arrivedBytes.set(files[part].sha256, receivedBytes);
      const sum = [...received.values()].reduce((total, bytes) => total + bytes, 0);
      onProgress?.({ receivedBytes: sum, totalBytes, part });
    };
  }

  function openModel(spec: LoadSpec, first: Attached): LoadedModel {
    const { manifest } = spec.entry;
    const report = { ...first.loaded.report, note: spec.choice.note };
    let isReleased = false;
    users.set(spec.key, (users.get(spec.key) ?? 0) + 1);
    return {
      id: manifest.id,
      manifest,
      labels: first.loaded.labels,
      report,
      storageRefused: first.loaded.storageRefused,
      async run(inputs, { outputs = [], signal } = {}) {
        if (isReleased) throw disposed();
        const { connection: worker, loaded } = await attach(spec, { ...(signal && { signal }) });
        const transfer = Object.values(inputs).map(({ data }) => data.buffer);
        const ran = await worker.request(
          { kind: 'run', handle: loaded.handle, inputs, outputs },
          { transfer, signal },
        );
        return { ...loaded.report, ...ran, note: spec.choice.note };
      },
      async dispose() {
        if (isReleased) return;
        isReleased = true;
        const left = (users.get(spec.key) ?? 1) - 1;
        users.set(spec.key, left);
        const attached = attachedByKey.get(spec.key);
        if (left > 0 || !attached) return;
        attachedByKey.delete(spec.key);
        if (attached.connection.isAlive)
          await attached.connection.request({ kind: 'release', handle: attached.loaded.handle });
      },
    };
  }

  return {
    async planDownload(modelId, wish = 'auto') {
      const entry = findModel(catalogue, modelId);
      const choice = await choose(wish, entry);
      const files = neededFiles(catalogue, entry, choice.build, siteRoot);
      const live = connection?.isAlive ? arrivedBytes : new Map<string, number>();
      return planFiles(files, choice, ports.store, live);
    },

    async load(modelId, options = {}) {
      const entry = findModel(catalogue, modelId);
      const values = [...new Set(options.values ?? [])].sort();
      const { weightSeed } = options;
      const precision = weightSeed === undefined ? options.precision : 'fp32';
      const specFor = async (wish: BackendWish): Promise<LoadSpec> => {
        const choice = await choose(wish, entry);
        const isPossible = precision === 'fp32' || entry.manifest.activationRanges;
        if (precision && isPossible) choice.precision = precision;
        const key = [modelId, choice.backend, choice.precision, weightSeed ?? 'stored', ...values].join(' ');
        return { key, entry, choice, values, weightSeed };
      };
      const spec = await specFor(options.backend ?? 'auto');
      try {
        return openModel(spec, await attach(spec, options));
      } catch (error) {
        const mayFallBack =
          spec.choice.backend === 'webgpu' && FALL_BACK_AFTER.some((code) => isThawError(error, code));
        if (!mayFallBack || isDisposed) throw error;
        const onWasm = await specFor('wasm');
        onWasm.choice.note = 'WebGPU did not start here, so WASM runs the network.';
        return openModel(onWasm, await attach(onWasm, options));
      }
    },

    dispose() {
      isDisposed = true;
      connection?.close(disposed());
      attachedByKey.clear();
    },
  };
}

function announceComplete(files: NeededFiles, { onProgress }: LoadListeners): void {
  const totalBytes = files.runtime.sizeBytes + files.weights.sizeBytes + files.labels.sizeBytes;
  onProgress?.({ receivedBytes: totalBytes, totalBytes, part: 'weights' });
}

function disposed(): ThawError {
  return new ThawError({
    code: 'disposed',
    message: 'The network has been put away.',
    advice: 'Load it again before the next run.',
  });
}
