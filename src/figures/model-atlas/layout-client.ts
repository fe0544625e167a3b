/** The page's side of the worker that lays a drawing out. */
import { startConfinedWorker } from '../../engine/runtime/confined-worker.ts';
import type { AtlasNetwork } from '../../labs/atlas-network.ts';
import { keepArrangement } from './arrange.ts';
import { unpackDrawing, type LayoutQuestion, type PackedDrawing } from './layout-protocol.ts';
import workerUrl from './layout-worker.ts?worker&url';

/** Lays a drawing out in a worker of its own, which ends with the answer, and keeps it for `arrange`. Rejects if the worker fails. */
export async function askLayout(network: AtlasNetwork, open: ReadonlySet<string>): Promise<void> {
  const url = new URL(workerUrl, location.href).href;
  const worker = startConfinedWorker(url, { name: 'thaw-layout' });
  try {
    const drawing = await new Promise<PackedDrawing>((resolve, reject) => {
      worker.addEventListener('message', ({ data }: MessageEvent<PackedDrawing>) => resolve(data));
      worker.addEventListener('error', (event) => {
        event.preventDefault();
        reject(new Error(event.message || 'The worker that lays drawings out did not start.'));
      });
      const question: LayoutQuestion = { network, open: [...open] };
      worker.postMessage(question);
    });
    keepArrangement(network, open, unpackDrawing(network, drawing));
  } finally {
    worker.terminate();
  }
}
