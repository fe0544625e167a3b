import { createCacheStore } from '../download/cache-store.ts';
import type { Catalogue } from '../registry/catalogue.ts';
import { detectCapabilities } from './capabilities.ts';
import type { Capabilities } from './backend.ts';
import { createRuntime, type RuntimePorts } from './client.ts';
import { startConfinedWorker } from './confined-worker.ts';
import type { WorkerPort } from './connection.ts';
import { watchLife } from './life-line.ts';
import type { FromWorker } from './protocol.ts';
import type { Runtime } from './types.ts';
import workerUrl from './worker.ts?worker&url';

/** The page's one runtime; figures share it, so that there is one worker and one queue. */
let pageRuntime: { runtime: Runtime; catalogue: Catalogue } | undefined;

/**
 * The runtime that all figures of this page share. `basePath` is the site's base, such as "/" or "/thaw/". Figures may
 * bring catalogues of different networks: they are merged. Starts and fetches nothing until the first load.
 */
export function sharedRuntime(catalogue: Catalogue, basePath: string): Runtime {
  if (!pageRuntime) {
    const own: Catalogue = { runtime: catalogue.runtime, models: [...catalogue.models] };
    pageRuntime = { runtime: createBrowserRuntime(own, basePath), catalogue: own };
  }
  const { models } = pageRuntime.catalogue;
  for (const model of catalogue.models)
    if (!models.some(({ manifest }) => manifest.id === model.manifest.id)) models.push(model);
  return pageRuntime.runtime;
}

/** A runtime of its own in this page. Most callers want `sharedRuntime`. */
export function createBrowserRuntime(
  catalogue: Catalogue,
  basePath: string,
  options: Pick<RuntimePorts, 'threads'> = {},
): Runtime {
  const siteRoot = new URL(basePath.endsWith('/') ? basePath : `${basePath}/`, location.href).href;
  return createRuntime({
    ...options,
    catalogue,
    siteRoot,
    startWorker: () => {
      // One name for each: its lock tells whether this worker lives. Without a secure context there are no locks either
      const name = 'randomUUID' in crypto ? `thaw-runtime-${crypto.randomUUID()}` : '';
      return portOf(startConfinedWorker(new URL(workerUrl, location.href).href, { name }), name);
    },
    store: createCacheStore('caches' in globalThis ? globalThis.caches : undefined, siteRoot),
    capabilities: browserCapabilities,
  });
}

/** What this browser can do; with `askAdapter`, whether WebGPU has a graphics adapter (some browsers warn when not). */
export function browserCapabilities(askAdapter = false): Promise<Capabilities> {
  return detectCapabilities(globalThis, askAdapter);
}

function portOf(worker: Worker, name: string): WorkerPort {
  const life = new AbortController();
  return {
    post: (message) => worker.postMessage(message),
    listen(onMessage, onCrash) {
      worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
        if (data.kind === 'ready') watchLife(name, life.signal, () => onCrash('it ended without a word'));
        onMessage(data);
      });
      worker.addEventListener('messageerror', () => onCrash('a message could not be read'));
      worker.addEventListener('error', (event) => {
        event.preventDefault();
        onCrash(event.message || 'the script could not be loaded');
      });
    },
    terminate() {
      life.abort();
      worker.terminate();
    },
  };
}
