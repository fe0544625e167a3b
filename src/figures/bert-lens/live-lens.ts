/**
 * How a lens of a language network goes on once the reader has reached for it: loads the network, reads what stands in the fields, calls off,
 * and takes up after a reload. While one text is read, newer ones wait; the newest wins.
 */
import { createLoader, newestOnly, type LoadingHost, type LoadPlan } from './live-load.ts';

/** What the element asks of its live part. */
export interface LensLive {
  /** Finds out what is stored and whether there is WebGPU; fetches nothing. */
  plan: () => Promise<void>;
  /** Loads the network if needed and reads the text. */
  run: () => Promise<void>;
  /** Reads what stands in the fields now. */
  refresh: () => Promise<void>;
  /** Calls off the download. */
  cancel: () => void;
  /** Goes on after the page's one reload. */
  resume: () => Promise<void>;
}

/** What one lens does its own way. `R` is its loaded network, `K` what waits out a reload. */
export interface LensWork<R, K> extends LoadPlan<R> {
  keep: () => K;
  /** Puts back what waited. */
  restore: (kept: K) => void;
  /** The network has just arrived; `file` are its weights, where this browser keeps them. */
  arrive: (reader: R, file: Uint8Array<ArrayBuffer> | undefined) => void;
  /** Reads what stands in the fields. What has been overtaken when it comes back need not be drawn. */
  read: (reader: R, isStale: () => boolean) => Promise<void>;
  /** A reading failed; the loader tells why. */
  stop?: () => void;
}

/** The live part of one lens, and the network that it has loaded. */
export function openLens<R extends { forget: () => void }, K>(
  host: LoadingHost,
  work: LensWork<R, K>,
): LensLive & { loaded: () => R | undefined } {
  const loader = createLoader(host, work);
  let job: AbortController | undefined;
  let loaded: { reader: R; backend: string } | undefined;
  const readings = newestOnly(
    host.signal,
    async (isStale) => loaded && work.read(loaded.reader, isStale),
    async (error) => {
      work.stop?.();
      await loader.fail(error, host.signal);
    },
  );
  return {
    plan: loader.plan,
    run,
    refresh,
    cancel: () => job?.abort(),
    resume: async () => {
      const kept = (await loader.takeKept()) as K | undefined;
      if (!kept) return;
      work.restore(kept);
      await run();
    },
    loaded: () => loaded?.reader,
  };

  async function run(): Promise<void> {
    job?.abort();
    const mine = new AbortController();
    job = mine;
    try {
      const { backend } = host.read();
      if (loaded?.backend !== backend) {
        const reader = await loader.load(AbortSignal.any([mine.signal, host.signal]));
        // The page is about to reload
        if (!reader) return;
        loaded = { reader, backend };
        work.arrive(reader, await loader.storedFile());
        host.update({ status: 'running', progress: undefined });
        await refresh();
      }
      // The first run also fills caches; the second tells how long a text takes
      loaded.reader.forget();
      await refresh();
    } catch (error) {
      if (job === mine) await loader.fail(error, mine.signal);
    }
  }

  async function refresh(): Promise<void> {
    if (loaded) await readings();
  }
}
