// Tries, inside a worker and inside a worker of that worker, what the content policy forbids.
import { confineNestedWorkers } from '../../../src/engine/runtime/confined-worker.ts';

const scope = globalThis as unknown as DedicatedWorkerGlobalScope & { Worker: typeof Worker };

/** What got through: nothing, if the policy holds. */
async function tryForbidden(): Promise<string[]> {
  const through: string[] = [];
  await fetch('https://foreign.test/').then(
    () => through.push('fetch'),
    (error: unknown) => scope.postMessage({ fetchSays: String(error) }),
  );
  try {
    (0, eval)('1');
    through.push('eval');
  } catch {
    // as it should be
  }
  return through;
}

scope.addEventListener('message', () => {
  void (async () => {
    const outer = await tryForbidden();
    if (scope.name !== 'outer') {
      scope.postMessage({ through: outer });
      return;
    }
    confineNestedWorkers(scope);
    // As the runtime starts its threads: by the address of a module
    const nested = new scope.Worker(import.meta.url, { type: 'module', name: 'inner' });
    nested.onmessage = ({ data }: MessageEvent<{ through?: string[] }>) => {
      if (data.through)
        scope.postMessage({ through: [...outer, ...data.through.map((what) => `nested ${what}`)] });
    };
    nested.postMessage(null);
  })();
});
scope.postMessage({ ready: true });
