/** The benchmark with the browser's engine behind it; fetched when the reader starts it. */
import { rejectOnAbort } from '../../engine/download/shared-work.ts';
import { wait } from '../../engine/download/wait.ts';
import { fetchCatalogue, type Catalogue } from '../../engine/registry/catalogue.ts';
import { createBrowserRuntime } from '../../engine/runtime/browser.ts';
import type { Backend } from '../../engine/runtime/types.ts';
import { benchmark, planTrials, type BenchmarkStep, type Trial } from '../../labs/device-benchmark.ts';

/** A browser may put off this answer for long; the table does not wait for it. */
const MEMORY_WAIT_MS = 2000;

/** Measures the networks of these catalogues, each in all trials or in those of `plan`. Rejects with a ThawError when a catalogue cannot be fetched or the signal aborts. */
export async function* openBenchmark(
  addresses: readonly string[],
  backends: readonly Backend[],
  signal: AbortSignal,
  plan: (ids: readonly string[]) => Trial[] = (ids) =>
    planTrials(ids, { backends, cores: navigator.hardwareConcurrency }),
): AsyncGenerator<BenchmarkStep, void, void> {
  const all = await Promise.all(addresses.map(fetchCatalogue));
  const [first] = all;
  if (!first) return;
  const catalogue: Catalogue = { runtime: first.runtime, models: all.flatMap(({ models }) => models) };
  const ids = catalogue.models.map(({ manifest }) => manifest.id);
  yield* benchmark(
    plan(ids),
    {
      openRuntime: (threads) => createBrowserRuntime(catalogue, import.meta.env.BASE_URL, { threads }),
      whenSeen,
      memory: measureMemory,
      now: () => performance.now(),
    },
    signal,
  );
}

async function whenSeen(signal: AbortSignal): Promise<void> {
  const abort = rejectOnAbort('The benchmark', signal);
  try {
    while (document.hidden)
      await Promise.race([
        abort.promise,
        new Promise((seen) => document.addEventListener('visibilitychange', seen, { once: true })),
      ]);
  } finally {
    abort.release();
  }
}

async function measureMemory(): Promise<number | undefined> {
  const { measureUserAgentSpecificMemory: measure } = performance as {
    measureUserAgentSpecificMemory?: () => Promise<{ bytes: number }>;
  };
  if (!measure || !crossOriginIsolated) return undefined;
  const told = measure.call(performance).then(
    ({ bytes }) => bytes,
    () => undefined,
  );
  return Promise.race([told, wait(MEMORY_WAIT_MS, undefined).then(() => undefined)]);
}
