/** The worker of a reader's network in a page. */
import { startConfinedWorker } from '../../engine/runtime/confined-worker.ts';
import { buildRequest, runtimeFile } from '../../engine/runtime/plan.ts';
import type { RuntimeAssets } from '../../engine/registry/catalogue.ts';
import { openFileClient, type FileClient } from './client.ts';
import type { FromFileWorker, Requests } from './protocol.ts';
import workerUrl from './worker.ts?worker&url';

/** A client in a page, with a worker of its own. */
export function startFileClient(): FileClient {
  const worker = startConfinedWorker(new URL(workerUrl, location.href).href, { name: 'thaw-own-model' });
  return openFileClient({
    post: (message) => worker.postMessage(message),
    listen(onMessage, onCrash) {
      worker.addEventListener('message', ({ data }: MessageEvent<FromFileWorker>) => onMessage(data));
      worker.addEventListener('error', (event) => {
        event.preventDefault();
        onCrash(event.message || 'the script could not be loaded');
      });
    },
    terminate: () => worker.terminate(),
  });
}

/** Where the runtime's plain build lies: the site's own list of what it ships. `base` is the site's, such as "/thaw/". */
export async function findRuntime(base: string): Promise<Omit<Requests['run'], 'inputs'>> {
  const siteRoot = new URL(base.replace(/\/?$/, '/'), location.href).href;
  const answer = await fetch(new URL('generated/ort/index.json', siteRoot));
  if (!answer.ok) throw new Error(`generated/ort/index.json answered ${answer.status}.`);
  const runtime = (await answer.json()) as RuntimeAssets;
  return {
    siteRoot,
    runtime: buildRequest({ runtime }, 'wasm', runtimeFile(runtime, 'wasm', siteRoot), siteRoot),
  };
}
