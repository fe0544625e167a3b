// The memory that a page's worker holds on to, as the browser's inspector tells it.

/**
 * Call before the worker starts. What comes back measures the bytes of all workers of the page that are alive: objects and
 * array buffers after a garbage collection, without WebAssembly's shared memory.
 */
export async function workerBytes(page) {
  const devtools = await page.context().newCDPSession(page);
  const workers = [];
  const waiting = new Map();
  let next = 1;
  devtools.on('Target.attachedToTarget', ({ sessionId, targetInfo }) => {
    if (targetInfo.type === 'worker') workers.push(sessionId);
  });
  devtools.on('Target.receivedMessageFromTarget', ({ message }) => {
    const { id, result } = JSON.parse(message);
    waiting.get(id)?.(result);
  });
  await devtools.send('Target.setAutoAttach', {
    autoAttach: true,
    waitForDebuggerOnStart: false,
    flatten: false,
  });
  const ask = (sessionId, method) =>
    new Promise((resolve) => {
      const id = next++;
      waiting.set(id, resolve);
      void devtools.send('Target.sendMessageToTarget', {
        sessionId,
        message: JSON.stringify({ id, method }),
      });
    });
  return async () => {
    let bytes = 0;
    for (const sessionId of workers) {
      await ask(sessionId, 'HeapProfiler.collectGarbage');
      const { usedSize, backingStorageSize = 0 } = await ask(sessionId, 'Runtime.getHeapUsage');
      bytes += usedSize + backingStorageSize;
    }
    if (bytes === 0) throw new Error('The browser told of no worker.');
    return bytes;
  };
}
