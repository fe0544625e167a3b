/** The one worker of a page, and the only place that comes near onnxruntime-web. Life cycle: see protocol.ts. */
import { createCacheStore } from '../download/cache-store.ts';
import { createDownloader } from '../download/downloader.ts';
import { createLine } from '../download/line.ts';
import { sha256Hex } from '../download/sha256.ts';
import { wait } from '../download/wait.ts';
import { confineNestedWorkers } from './confined-worker.ts';
import { watchGpu } from './gpu-watch.ts';
import { holdLife } from './life-line.ts';
import { openBuild } from './open-build.ts';
import type { EngineMessage, FromWorker, StartMessage, ToWorker } from './protocol.ts';
import { threadsToUse } from './thread-probe.ts';
import { createListenTurn } from './listen-turn.ts';
import { watchMemory } from './watch-memory.ts';
import { createWorkerEngine } from './worker-engine.ts';

const scope = globalThis as unknown as DedicatedWorkerGlobalScope;
const post = (message: FromWorker, transfer: Transferable[] = []) => scope.postMessage(message, transfer);
confineNestedWorkers(scope as unknown as { Worker: typeof Worker; location: { href: string } });
const gpu = watchGpu(globalThis);
const memory = watchMemory(globalThis);

let take: ((message: EngineMessage) => void) | undefined;
scope.addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
  if (data.kind === 'start') take = startEngine(data);
  else take?.(data);
});
void holdLife(scope.name).then(() => post({ kind: 'ready' }));

function startEngine({ siteRoot, threads }: StartMessage): (message: EngineMessage) => void {
  const store = createCacheStore('caches' in scope ? scope.caches : undefined, siteRoot);
  return createWorkerEngine({
    downloader: createDownloader({
      fetch: (url, init) => scope.fetch(url, init),
      store,
      sha256: sha256Hex,
      wait,
      line: createLine(() => performance.now(), wait),
      isOnline: () => scope.navigator.onLine,
    }),
    async openBuild({ build, glueUrl }, wasm) {
      return openBuild(build, wasm, glueUrl, build === 'wasm' ? await threadsToUse(threads, scope) : 1);
    },
    post,
    gpu,
    async openTrainings(enqueue) {
      const { openTrainings } = await import('../trainer/trainings.ts');
      return openTrainings({
        enqueue,
        listen: createListenTurn(),
        store,
        now: () => performance.now(),
        memoryBytes: memory.bytes,
      });
    },
    now: () => performance.now(),
  });
}
