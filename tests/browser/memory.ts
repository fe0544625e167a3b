/** What a page holds on to, as the browser's own inspector tells it after a garbage collection. */
import type { Page } from 'playwright-core';

/** What is still there when everything that nobody can reach is gone. */
export interface Holdings {
  /** Objects of the page's own scripts, array buffers included. */
  pageBytes: number;
  /** The same of all its workers that are alive, without WebAssembly's memory. */
  workerBytes: number;
  /** Memories of WebAssembly modules in those workers; the browser can make them larger, never smaller. */
  wasmBytes: number;
  /** Event listeners of the page. */
  listeners: number;
  /** Nodes of the page, those included that stand nowhere any more but that some script can reach. */
  nodes: number;
  /** Workers that are alive. */
  workers: number;
}

/**
 * For `before` of a page: counts in `openNetworks` the networks that its workers have been told to load and not yet to put
 * away.
 */
export function countNetworks(): void {
  const open = new Set<number>();
  Object.defineProperty(globalThis, 'openNetworks', { get: () => open.size });
  globalThis.Worker = class extends Worker {
    constructor(...settings: ConstructorParameters<typeof Worker>) {
      super(...settings);
      this.addEventListener('message', ({ data }: MessageEvent<{ kind: string; answer?: object | null }>) => {
        if (data.kind === 'done' && data.answer && 'handle' in data.answer)
          open.add(data.answer.handle as number);
      });
    }

    override postMessage(message: { kind: string; handle?: number }, ...rest: unknown[]): void {
      if (message.kind === 'release') open.delete(message.handle ?? 0);
      super.postMessage(message, ...(rest as [Transferable[]]));
    }
  };
}

/** How many networks a page with `countNetworks` keeps open. */
export function openNetworks(page: Page): Promise<number> {
  return page.evaluate(() => (globalThis as unknown as { openNetworks: number }).openNetworks);
}

/** The page's workers, each asked over the inspector's protocol. */
interface WorkerInspector {
  count: () => number;
  /** What every worker that is alive answers. */
  askAll: <T>(ask: (send: Send) => Promise<T>) => Promise<T[]>;
}

type Send = (method: string, settings?: object) => Promise<Record<string, unknown>>;

/** Call before the page's worker starts. What comes back collects the garbage and tells what is left. */
export async function watchHoldings(page: Page): Promise<() => Promise<Holdings>> {
  const inspector = await inspectWorkers(page);
  const devtools = await page.context().newCDPSession(page);
  return async () => {
    // What the first leaves to finalizers, the second finds free
    for (let round = 0; round < 2; round += 1) await devtools.send('HeapProfiler.collectGarbage');
    const { usedSize, backingStorageSize } = await devtools.send('Runtime.getHeapUsage');
    const { nodes, jsEventListeners } = await devtools.send('Memory.getDOMCounters');
    const heaps = await inspector.askAll(heapBytes);
    const memories = await inspector.askAll(wasmBytes);
    return {
      pageBytes: usedSize + backingStorageSize,
      workerBytes: sum(heaps),
      wasmBytes: sum(memories),
      listeners: jsEventListeners,
      nodes,
      workers: inspector.count(),
    };
  };
}

/**
 * Call before the worker starts. What comes back measures the bytes of all workers of the page that are alive: objects and
 * array buffers after a garbage collection, without WebAssembly's shared memory.
 */
export async function watchWorkerBytes(page: Page): Promise<() => Promise<number>> {
  const inspector = await inspectWorkers(page);
  return async () => {
    const bytes = sum(await inspector.askAll(heapBytes));
    if (bytes === 0) throw new Error('The browser told of no worker.');
    return bytes;
  };
}

async function heapBytes(send: Send): Promise<number> {
  for (let round = 0; round < 2; round += 1) await send('HeapProfiler.collectGarbage');
  const { usedSize, backingStorageSize = 0 } = await send('Runtime.getHeapUsage');
  return Number(usedSize) + Number(backingStorageSize);
}

async function wasmBytes(send: Send): Promise<number> {
  const evaluate = { expression: 'WebAssembly.Memory.prototype', objectGroup: 'memories' };
  const { result } = (await send('Runtime.evaluate', evaluate)) as { result: { objectId: string } };
  const { objects } = (await send('Runtime.queryObjects', {
    prototypeObjectId: result.objectId,
    objectGroup: 'memories',
  })) as { objects: { objectId: string } };
  const { result: bytes } = (await send('Runtime.callFunctionOn', {
    objectId: objects.objectId,
    functionDeclaration:
      'function () { return this.reduce((sum, { buffer }) => sum + buffer.byteLength, 0); }',
    returnByValue: true,
  })) as { result: { value: number } };
  await send('Runtime.releaseObjectGroup', { objectGroup: 'memories' });
  return bytes.value;
}

async function inspectWorkers(page: Page): Promise<WorkerInspector> {
  const devtools = await page.context().newCDPSession(page);
  const sessions = new Set<string>();
  const waiting = new Map<number, (answer: { result?: object; error?: { message: string } }) => void>();
  let next = 1;
  devtools.on('Target.attachedToTarget', ({ sessionId, targetInfo }) => {
    if (targetInfo.type === 'worker') sessions.add(sessionId);
  });
  devtools.on('Target.detachedFromTarget', ({ sessionId }) => sessions.delete(sessionId));
  devtools.on('Target.receivedMessageFromTarget', ({ message }) => {
    const { id, ...answer } = JSON.parse(message) as { id: number };
    waiting.get(id)?.(answer);
    waiting.delete(id);
  });
  await devtools.send('Target.setAutoAttach', {
    autoAttach: true,
    waitForDebuggerOnStart: false,
    flatten: false,
  });
  const senderTo =
    (sessionId: string): Send =>
    async (method, settings = {}) => {
      const id = next++;
      const answer = new Promise<{ result?: object; error?: { message: string } }>((resolve) =>
        waiting.set(id, resolve),
      );
      const message = JSON.stringify({ id, method, params: settings });
      await devtools.send('Target.sendMessageToTarget', { sessionId, message });
      const { result, error } = await answer;
      if (error) throw new Error(`${method}: ${error.message}`);
      return result as Record<string, unknown>;
    };
  return {
    count: () => sessions.size,
    askAll: async (ask) => Promise.all([...sessions].map((sessionId) => ask(senderTo(sessionId)))),
  };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
