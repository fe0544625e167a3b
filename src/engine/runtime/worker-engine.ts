/** What the worker does, without the worker: answers the messages of protocol.ts through ports that a test can fake. */
import type { Downloader } from '../download/downloader.ts';
import { unpackGzip } from '../download/gzip.ts';
import { ThawError, asThawError, cancelledError, isThawError, type ThawErrorData } from '../errors.ts';
import { parseLabels } from '../registry/labels.ts';
import type { GpuWatch } from './gpu-watch.ts';
import { openModelSessions, type ModelSessions } from './model-sessions.ts';
import type { OpenBuild } from './open-build.ts';
import { startRuntime } from './start-runtime.ts';
import type { TrainingHost, Trainings } from '../trainer/trainings.ts';
import type {
  Answer,
  BuildRequest,
  EngineMessage,
  FromWorker,
  Loaded,
  LoadRequest,
  Ran,
  RunRequest,
  TrainingRequest,
} from './protocol.ts';
import type { Backend, DownloadPart } from './types.ts';

/** What the engine needs from the worker that it runs in. */
export interface EnginePorts {
  downloader: Downloader;
  /** Starts a build; called at most once for each while it succeeds. */
  openBuild: (request: BuildRequest, wasm: Uint8Array<ArrayBuffer>) => Promise<OpenBuild>;
  post: (message: FromWorker, transfer: Transferable[]) => void;
  gpu: GpuWatch;
  /** Loads the code for training; called at most once while it succeeds. */
  openTrainings: (enqueue: TrainingHost['enqueue']) => Promise<Trainings>;
  /** Milliseconds, monotonic. */
  now: () => number;
}

interface OpenModel {
  sessions: ModelSessions;
  /** The file, which trainings begin with, and its hash. */
  stored: Uint8Array<ArrayBuffer>;
  sha256: string;
  backend: Backend;
  build: OpenBuild;
}

/** A function that takes each message of the page, in order. */
export function createWorkerEngine(ports: EnginePorts): (message: EngineMessage) => void {
  const builds = new Map<string, Promise<OpenBuild>>();
  const models = new Map<number, OpenModel>();
  const controllers = new Map<number, AbortController>();
  let nextHandle = 1;
  let isDeviceLost = false;
  /** Ends the runs that wait for the graphics device. */
  const onDeviceLost = new Set<() => void>();
  /** The tail of the one queue for sessions and runs: the runtime allows no overlapping calls. */
  let queue: Promise<unknown> = Promise.resolve();

  function enqueue<T>(signal: AbortSignal, what: string, work: () => Promise<T>): Promise<T> {
    const turn = queue.then(() => {
      if (signal.aborted) throw cancelledError(what);
      return work();
    });
    queue = turn.catch(() => undefined);
    return turn;
  }

  function openedBuild(request: BuildRequest, signal: AbortSignal, id: number): Promise<OpenBuild> {
    const known = builds.get(request.build);
    if (known) return known;
    const opening = (async () => {
      const packed = await ports.downloader.get(request.wasm, {
        signal,
        onProgress: progressOf(id, 'runtime'),
      });
      ports.post({ kind: 'stage', id, stage: 'start' }, []);
      const wasm = await unpackGzip(packed);
      const build = await enqueue(signal, 'Loading', () => ports.openBuild(request, wasm));
      void build.deviceLost.then(() => {
        isDeviceLost = true;
        for (const end of onDeviceLost) end();
      });
      return build;
    })();
    return opening.then((build) => {
      builds.set(request.build, opening);
      return build;
    });
  }

  const progressOf = (id: number, part: DownloadPart['name']) => (receivedBytes: number) =>
    ports.post({ kind: 'progress', id, progress: { part, receivedBytes } }, []);

  async function load(request: LoadRequest, signal: AbortSignal): Promise<Loaded> {
    const { id, manifest, files } = request;
    ports.post({ kind: 'stage', id, stage: 'download' }, []);
    // comes meanwhile; a failure is told to whoever opens a training
    if (request.onlyTrains) openedTrainings().catch(() => undefined);
    const get = (part: 'labels' | 'vocabulary') => {
      const file = files[part];
      return file && ports.downloader.get(file, { signal, onProgress: progressOf(id, part) });
    };
    const [build, packedWeights, labelBytes, vocabulary] = await Promise.all([
      openedBuild(request.runtime, signal, id),
      ports.downloader.get(files.weights, { signal, onProgress: progressOf(id, 'weights') }),
      get('labels'),
      get('vocabulary'),
    ]);
    const weights = await unpackGzip(packedWeights);
    const labels = labelBytes ? parseLabels(labelBytes, manifest) : [];
    const createSession = build.createSession(request.backend);
    const sessions = await enqueue(signal, 'Loading', async () => {
      ports.post({ kind: 'stage', id, stage: 'session' }, []);
      const first = request.onlyTrains ? await startRuntime(createSession) : undefined;
      const opened = await openModelSessions(weights, manifest, request, createSession, ports.now);
      const release = async () => {
        await opened.release();
        await first?.release();
      };
      return { ...opened, release };
    });
    const handle = nextHandle++;
    const { sha256 } = files.weights;
    models.set(handle, { sessions, stored: weights, sha256, backend: request.backend, build });
    const { backend, precision } = request;
    const report = { backend, build: request.runtime.build, threads: build.threads, precision };
    const storageRefused = ports.downloader.isStorageRefused;
    return { handle, labels, ...(vocabulary && { vocabulary }), report, storageRefused };
  }

  function run({ handle, inputs, outputs, known }: RunRequest, signal: AbortSignal): Promise<Ran> {
    return enqueue(signal, 'The run', async () => {
      const model = models.get(handle);
      if (!model) throw disposed();
      if (isDeviceLost && model.backend === 'webgpu') throw deviceLost();
      ports.gpu.take();
      const running = model.sessions.run(inputs, outputs, known);
      if (model.backend !== 'webgpu') return running;
      const ran = await unlessDeviceLost(running);
      return { ...ran, gpu: { ...ports.gpu.take(), adapter: model.build.adapter } };
    });
  }

  /** A run whose device goes away may never end. Waiting for `deviceLost` itself would keep every run for as long as the device lives. */
  async function unlessDeviceLost<T>(running: Promise<T>): Promise<T> {
    const loss = Promise.withResolvers<never>();
    const end = () => loss.reject(deviceLost());
    onDeviceLost.add(end);
    try {
      return await Promise.race([running, loss.promise]);
    } finally {
      onDeviceLost.delete(end);
    }
  }

  async function release(handle: number): Promise<null> {
    const model = models.get(handle);
    models.delete(handle);
    await enqueue(new AbortController().signal, 'Disposal', async () => model?.sessions.release());
    return null;
  }

  let trainings: Promise<Trainings> | undefined;
  function openedTrainings(): Promise<Trainings> {
    trainings ??= ports
      .openTrainings((signal, work) => enqueue(signal, 'The training', work))
      .catch((error: unknown) => {
        trainings = undefined;
        throw error;
      });
    return trainings;
  }

  async function train(request: TrainingRequest, signal: AbortSignal): Promise<Answer> {
    const all = await openedTrainings();
    if (request.kind === 'open-training') {
      const model = models.get(request.handle);
      if (!model) throw disposed();
      const { stored, sha256, backend, build } = model;
      const poolMethod = backend === 'webgpu' ? 'compare' : 'indices';
      const createSession = build.createSession(backend);
      const gone =
        backend === 'webgpu' ? build.deviceLost.then(() => Promise.reject(deviceLost())) : undefined;
      // nobody may be waiting when it happens
      gone?.catch(() => undefined);
      return all.open(
        { stored, identity: sha256, createSession, poolMethod, ...(gone && { lost: gone }) },
        request.order,
      );
    }
    const { id, training } = request;
    if (request.kind === 'drive-training')
      return all.drive(training, signal, (news) => ports.post({ kind: 'trained', id, news }, []));
    if (request.kind === 'ask-training') return all.ask(training, request.question);
    if (request.kind === 'write-training') return { file: all.write(training) };
    if (request.kind === 'steer-training') all.steer(training, request.action);
    else await all.close(training);
    return null;
  }

  function answer(id: number, work: Promise<Answer>, isTraining = false): void {
    work
      .then(
        (result) => {
          ports.post({ kind: 'done', id, answer: result }, buffersOf(result));
        },
        (error: unknown) => {
          const failure = describeFailure(error);
          // memory that was too small for a training stays full of what it had begun: the next gets a new one
          const isFull = isTraining && failure.error.code === 'out-of-memory';
          ports.post({ kind: 'failed', id, ...failure, fatal: failure.fatal || isFull }, []);
        },
      )
      .finally(() => controllers.delete(id));
  }

  return (message) => {
    if (message.kind === 'cancel') {
      controllers.get(message.id)?.abort();
      return;
    }
    const controller = new AbortController();
    controllers.set(message.id, controller);
    if (message.kind === 'load') answer(message.id, load(message, controller.signal));
    else if (message.kind === 'run') answer(message.id, run(message, controller.signal));
    else if (message.kind === 'release') answer(message.id, release(message.handle));
    else answer(message.id, train(message, controller.signal), true);
  };
}

/** What an answer carries that need not be copied. */
function buffersOf(answer: Answer): ArrayBuffer[] {
  if (answer && 'file' in answer) return [answer.file.buffer];
  if (!answer || !('outputs' in answer)) return [];
  return Object.values(answer.outputs).map(({ data }) => data.buffer as ArrayBuffer);
}

/**
 * The error in a reader's words, and whether the WebAssembly instance is beyond use: after an abort or a trap its memory
 * is in an unknown state.
 */
export function describeFailure(error: unknown): { error: ThawErrorData; fatal: boolean } {
  const root = error instanceof ThawError ? (error.cause ?? error) : error;
  const reason = root instanceof Error ? `${root.name}: ${root.message}` : String(root);
  const isTrap = /RuntimeError|Aborted\(|unreachable|out of bounds|null function/i.test(reason);
  if (/out of memory|bad_alloc|Cannot enlarge memory|Array buffer allocation failed|OOM/i.test(reason))
    return {
      fatal: isTrap,
      error: {
        code: 'out-of-memory',
        message: 'This device has too little free memory for the network.',
        advice: 'Close other tabs and try again.',
        details: { reason },
      },
    };
  if (/device (was |is )?lost|lost device/i.test(reason) && !isThawError(error))
    return { fatal: true, error: deviceLost().toData() };
  const known = asThawError(error, {
    code: 'run-failed',
    message: 'The network stopped with an error.',
    advice: 'Try again; if it happens again, choose another backend.',
  });
  const details = { ...known.details, ...(known === root ? {} : { reason: reason.slice(0, 500) }) };
  return { fatal: isTrap || known.code === 'device-lost', error: { ...known.toData(), details } };
}

function deviceLost(): ThawError {
  return new ThawError({
    code: 'device-lost',
    message: 'The graphics card went away (driver restart or sleep).',
    advice: 'Run again: the network starts anew.',
  });
}

function disposed(): ThawError {
  return new ThawError({
    code: 'disposed',
    message: 'The network has been put away.',
    advice: 'Load it again before the next run.',
  });
}
