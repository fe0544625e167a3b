/** The worker of a reader's network in a page. */
import { startConfinedWorker } from '../../engine/runtime/confined-worker.ts';
import { openFileClient, type FileClient } from './client.ts';
import type { FromFileWorker } from './protocol.ts';
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
