/** The worker of one reader's network: its file is opened, described and run here, apart from the page and its other networks. */
import { asThawError } from '../../engine/errors.ts';
import { createCacheStore } from '../../engine/download/cache-store.ts';
import { createDownloader } from '../../engine/download/downloader.ts';
import { unpackGzip } from '../../engine/download/gzip.ts';
import { createLine } from '../../engine/download/line.ts';
import { sha256Hex } from '../../engine/download/sha256.ts';
import { wait } from '../../engine/download/wait.ts';
import { confineNestedWorkers } from '../../engine/runtime/confined-worker.ts';
import { openBuild, type OpenBuild } from '../../engine/runtime/open-build.ts';
import { threadsToUse } from '../../engine/runtime/thread-probe.ts';
import { createFileEngine } from './file-engine.ts';
import type { FromFileWorker, Requests, ToFileWorker } from './protocol.ts';

const scope = globalThis as unknown as DedicatedWorkerGlobalScope;
const post = (message: FromFileWorker): void => scope.postMessage(message);
confineNestedWorkers(scope as unknown as { Worker: typeof Worker; location: { href: string } });

let build: Promise<OpenBuild> | undefined;
const engine = createFileEngine({
  now: () => performance.now(),
  openRuntime(request, onProgress) {
    build ??= startBuild(request, onProgress).catch((error: unknown) => {
      build = undefined;
      throw error;
    });
    return build;
  },
});

async function startBuild(
  { runtime, siteRoot }: Requests['run'],
  onProgress: (receivedBytes: number, totalBytes: number) => void,
): Promise<OpenBuild> {
  const downloader = createDownloader({
    fetch: (url, init) => scope.fetch(url, init),
    store: createCacheStore('caches' in scope ? scope.caches : undefined, siteRoot),
    sha256: sha256Hex,
    wait,
    line: createLine(() => performance.now(), wait),
  });
  const packed = await downloader.get(runtime.wasm, {
    onProgress: (receivedBytes) => onProgress(receivedBytes, runtime.wasm.sizeBytes),
  });
  const wasm = await unpackGzip(packed);
  return openBuild(runtime.build, wasm, runtime.glueUrl, await threadsToUse('measure', scope));
}

/** One request after the other: the runtime allows no overlapping calls. */
let queue: Promise<unknown> = Promise.resolve();
scope.addEventListener('message', ({ data }: MessageEvent<ToFileWorker>) => {
  const { id, kind } = data;
  const onProgress = (receivedBytes: number, totalBytes: number): void =>
    post({ kind: 'progress', id, receivedBytes, totalBytes });
  queue = queue
    .then(() => engine.answer(kind, data as never, onProgress))
    .then(
      (answer) => post({ kind: 'done', id, answer }),
      (error: unknown) => {
        const known = asThawError(error, {
          code: 'run-failed',
          message: 'The file could not be worked with.',
          advice: 'Choose it again; if that fails too, it may be damaged.',
        });
        post({ kind: 'failed', id, error: known.toData() });
      },
    );
});
