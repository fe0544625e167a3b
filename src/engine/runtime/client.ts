import type { ByteStore } from '../download/byte-store.ts';
import { createSharedWork } from '../download/shared-work.ts';
import { ThawError, isThawError, type ThawErrorCode } from '../errors.ts';
import { findModel, type Catalogue } from '../registry/catalogue.ts';
import { chooseBackend, needsAdapter, type BackendChoice, type Capabilities } from './backend.ts';
import { openConnection, type Connection, type WorkerPort } from './connection.ts';
import { buildRequest, filesByPart, modelFiles, neededFiles, planFiles, type NeededFiles } from './plan.ts';
import type { Loaded, LoadEvent } from './protocol.ts';
import { openWorkerTraining } from './worker-training.ts';
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
  form: Pick<LoadOptions, 'weightSeed' | 'remembers' | 'stopsAtValues' | 'onlyTrains'>;
}

/** A load that some worker answered; worth something only while that worker lives. */
interface Attached {
  connection: Connection;
  loaded: Loaded;
}

type LoadListeners = Pick<LoadOptions, 'signal' | 'onProgress' | 'onStage'>;

/** Failures under WebGPU after which WASM is tried. */
const FALL_BACK_AFTER: readonly ThawErrorCode[] = [
  'no-webgpu',
  'device-lost',
  'run-failed',
  'bad-model',
  'out-of-memory',
  'worker-crashed',
];

/** Failures after which the same is tried once more, in a new worker. */
const RESTART_AFTER: readonly ThawErrorCode[] = ['worker-crashed', 'device-lost'];

const RESTARTED = 'It was started anew by itself.';
const NO_WEBGPU = 'WebGPU did not start here, so WASM runs the network.';
const ONE_THREAD = 'Memory was short for several threads, so one thread runs the network.';

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
  /** One after memory ran out: threads need a block of shared memory, which some devices refuse. */
  let threads = ports.threads ?? 'measure';

  async function choose(wish: BackendWish, { manifest }: LoadSpec['entry']): Promise<BackendChoice> {
    return chooseBackend(wish, await ports.capabilities(needsAdapter(wish, manifest)), manifest);
  }

  function connect(): Connection {
    if (isDisposed) throw disposed();
    if (connection?.isAlive) return connection;
    arrivedBytes.clear();
    connection = openConnection(ports.startWorker(), { siteRoot, threads });
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
            files: modelFiles(files),
            runtime: buildRequest(catalogue, spec.choice.build, files.runtime, siteRoot),
            backend: spec.choice.backend,
            precision: spec.choice.precision,
            values: spec.values,
            ...spec.form,
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
      const moved = files[part];
      if (moved) arrivedBytes.set(moved.sha256, receivedBytes);
      const sum = [...received.values()].reduce((total, bytes) => total + bytes, 0);
      onProgress?.({ receivedBytes: sum, totalBytes, part });
    };
  }

  async function specFor(
    entry: LoadSpec['entry'],
    wish: BackendWish,
    { precision, values = [], weightSeed, remembers = false, stopsAtValues = false, onlyTrains }: LoadOptions,
  ): Promise<LoadSpec> {
    const choice = await choose(wish, entry);
    const wanted = weightSeed === undefined ? precision : 'fp32';
    const { manifest } = entry;
    const { activationRanges } = manifest;
    if (wanted && !('storedPrecision' in manifest) && (wanted === 'fp32' || activationRanges))
      choice.precision = wanted;
    const sorted = [...new Set(values)].sort();
    const form = { ...(weightSeed !== undefined && { weightSeed }), remembers, stopsAtValues, onlyTrains };
    const words = [manifest.id, choice.backend, choice.precision, JSON.stringify(form)];
    return { key: [...words, ...sorted].join(' '), entry, choice, values: sorted, form };
  }

  /**
   * Does the work on the loaded model, and once more where the worker died or the graphics device was lost; then, and after
   * other failures of WebGPU, on WASM; with one thread where several found too little memory. `remark` tells what happened.
   */
  async function insist<T>(
    first: LoadSpec,
    options: LoadOptions,
    work: (attached: Attached) => Promise<T>,
  ): Promise<{ result: T; spec: LoadSpec; remark: string }> {
    let spec = first;
    const ended = attachedByKey.get(first.key)?.connection.endedBy; // perhaps while nobody waited for it
    let remark = ended ? `${ended.message} ${RESTARTED}` : '';
    for (let isSecondTry = false; ; isSecondTry = true) {
      try {
        return { result: await work(await attach(spec, options)), spec, remark };
      } catch (error) {
        // Nothing of a wrong file is kept
        if (isThawError(error, 'wrong-bytes')) arrivedBytes.delete(String(error.details['expectedSha256']));
        if (isDisposed || !isThawError(error) || options.signal?.aborted) throw error;
        const { backend } = spec.choice;
        if (!isSecondTry && RESTART_AFTER.includes(error.code)) {
          remark = `${error.message} ${RESTARTED}`;
        } else if (backend === 'webgpu' && FALL_BACK_AFTER.includes(error.code)) {
          spec = await specFor(spec.entry, 'wasm', { ...options, ...spec.form, values: spec.values });
          spec.choice.note = NO_WEBGPU;
        } else if (backend === 'wasm' && threads !== 1 && error.code === 'out-of-memory') {
          threads = 1;
          connection?.close(error);
          remark = ONE_THREAD;
        } else throw error;
      }
    }
  }

  function addUser(key: string): void {
    users.set(key, (users.get(key) ?? 0) + 1);
  }

  async function dropUser(key: string): Promise<void> {
    const left = (users.get(key) ?? 1) - 1;
    users.set(key, left);
    const attached = attachedByKey.get(key);
    if (left > 0 || !attached) return;
    attachedByKey.delete(key);
    if (attached.connection.isAlive)
      await attached.connection.request({ kind: 'release', handle: attached.loaded.handle });
  }

  function openModel(
    first: LoadSpec,
    { loaded }: Attached,
    remark: string,
    options: LoadOptions,
  ): LoadedModel {
    const { manifest } = first.entry;
    const { precision } = options;
    let spec = first;
    let { report } = loaded;
    let isReleased = false;
    addUser(spec.key);
    return {
      id: manifest.id,
      manifest,
      labels: loaded.labels,
      vocabulary: loaded.vocabulary,
      get report() {
        return { ...report, note: noteOf(spec, remark) };
      },
      storageRefused: loaded.storageRefused,
      async run(inputs, { outputs = [], known = 0, signal } = {}) {
        if (isReleased) throw disposed();
        const again = { ...(precision && { precision }), ...(signal && { signal }) };
        const { result, ...used } = await insist(spec, again, async ({ connection: worker, loaded }) => {
          // Copied, not handed over: a second try needs the arrays again, and a copy is made either way
          const ran = await worker.request(
            { kind: 'run', handle: loaded.handle, inputs, outputs, known },
            { signal },
          );
          return { ran, report: loaded.report };
        });
        ({ report } = result);
        if (used.spec.key !== spec.key) {
          addUser(used.spec.key);
          const old = spec.key;
          spec = used.spec;
          await dropUser(old);
        }
        return { ...report, ...result.ran, note: noteOf(spec, used.remark) };
      },
      async train(order) {
        if (isReleased) throw disposed();
        const { connection: worker, loaded } = await attach(spec, {});
        return openWorkerTraining(worker, loaded.handle, order);
      },
      async dispose() {
        if (isReleased) return;
        isReleased = true;
        await dropUser(spec.key);
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
      const wished = await specFor(entry, options.backend ?? 'auto', options);
      const { result, spec, remark } = await insist(wished, options, (attached) => Promise.resolve(attached));
      return openModel(spec, result, remark, options);
    },

    dispose() {
      isDisposed = true;
      connection?.close(disposed());
      attachedByKey.clear();
    },
  };
}

function announceComplete(files: NeededFiles, { onProgress }: LoadListeners): void {
  const totalBytes = filesByPart(files).reduce((sum, [, file]) => sum + file.sizeBytes, 0);
  onProgress?.({ receivedBytes: totalBytes, totalBytes, part: 'weights' });
}

function noteOf({ choice }: LoadSpec, remark: string): string {
  return [choice.note, remark].filter(Boolean).join(' ');
}

function disposed(): ThawError {
  const message = 'The network has been put away.';
  return new ThawError({ code: 'disposed', message, advice: 'Load it again before the next run.' });
}
