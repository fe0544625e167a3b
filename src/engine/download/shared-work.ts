import { cancelledError } from '../errors.ts';

/** Work that several callers may wait for under one key while it runs. */
export interface SharedWork<Event, Result> {
  /**
   * The running work of this key, or the one that `start` begins. It stops, through its signal, only when everybody who
   * joined has aborted; who aborts alone gets a ThawError 'cancelled' at once. Late joiners first get the latest event.
   */
  join: (
    key: string,
    start: (emit: (event: Event) => void, signal: AbortSignal) => Promise<Result>,
    options?: { signal?: AbortSignal | undefined; onEvent?: ((event: Event) => void) | undefined },
  ) => Promise<Result>;
}

interface Running<Event, Result> {
  promise: Promise<Result>;
  listeners: Set<(event: Event) => void>;
  controller: AbortController;
  waiting: number;
  latest: { event: Event } | undefined;
}

/** Shared work named for messages, such as "The download". Finished work is forgotten, so failed work can be tried again. */
export function createSharedWork<Event, Result>(name: string): SharedWork<Event, Result> {
  const runningByKey = new Map<string, Running<Event, Result>>();

  return {
    async join(key, start, { signal, onEvent } = {}) {
      if (signal?.aborted) throw cancelledError(name);
      let running = runningByKey.get(key);
      if (!running || running.controller.signal.aborted) {
        running = begin(start, () => runningByKey.delete(key));
        runningByKey.set(key, running);
      }
      const { listeners, controller } = running;
      running.waiting++;
      if (onEvent) {
        listeners.add(onEvent);
        if (running.latest) onEvent(running.latest.event);
      }
      const abort = rejectOnAbort(name, signal);
      try {
        return await Promise.race([running.promise, abort.promise]);
      } finally {
        abort.release();
        if (onEvent) listeners.delete(onEvent);
        running.waiting--;
        if (running.waiting === 0) controller.abort();
      }
    },
  };

  function begin(
    start: (emit: (event: Event) => void, signal: AbortSignal) => Promise<Result>,
    forget: () => void,
  ): Running<Event, Result> {
    const controller = new AbortController();
    const listeners = new Set<(event: Event) => void>();
    const emit = (event: Event) => {
      running.latest = { event };
      for (const listener of listeners) listener(event);
    };
    const running: Running<Event, Result> = {
      promise: Promise.resolve().then(() => start(emit, controller.signal)),
      listeners,
      controller,
      waiting: 0,
      latest: undefined,
    };
    // Only if no newer work has taken the key meanwhile: an aborted one may end after its successor has begun.
    const done = () => {
      if (!controller.signal.aborted) forget();
    };
    running.promise.then(done, done);
    return running;
  }
}

/** A promise that rejects as 'cancelled' when the signal aborts and never settles otherwise; `release` stops listening. */
export function rejectOnAbort(
  name: string,
  signal: AbortSignal | undefined,
): { promise: Promise<never>; release: () => void } {
  let listener: (() => void) | undefined;
  const promise = new Promise<never>((_, reject) => {
    if (signal?.aborted) reject(cancelledError(name));
    listener = () => reject(cancelledError(name));
    signal?.addEventListener('abort', listener, { once: true });
  });
  promise.catch(() => undefined);
  return { promise, release: () => listener && signal?.removeEventListener('abort', listener) };
}
