/** The worker that lays a large drawing out. */
import { arrange } from './arrange.ts';
import { packDrawing, type LayoutQuestion } from './layout-protocol.ts';

const scope = globalThis as unknown as DedicatedWorkerGlobalScope;

scope.addEventListener('message', ({ data }: MessageEvent<LayoutQuestion>) => {
  scope.postMessage(packDrawing(arrange(data.network, new Set(data.open))));
});
