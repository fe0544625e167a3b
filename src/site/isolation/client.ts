/** Isolation in the reader's browser. A figure that profits from threads asks when it is started, never earlier. */
import { createIsolation, type IsolationAnswer } from './isolation.ts';

export { keepAcrossReload, takeKept } from './handoff.ts';
export type { IsolationAnswer } from './isolation.ts';

/** A worker that does not become active by then will not. */
const WORKER_START_MS = 10_000;

const isolation = createIsolation({
  isIsolated: () => globalThis.crossOriginIsolated,
  startWorker,
  // Where storage is refused even reading these properties throws, so they are read only when used
  session: lazily(() => sessionStorage),
  lasting: lazily(() => localStorage),
  scroll: {
    read: () => scrollY,
    restore: (topPx) => whenLoaded(() => scrollTo({ top: topPx, behavior: 'instant' })),
  },
  reload: () => location.reload(),
  now: () => Date.now(),
});

/** Asks for threads: isolates the page by the service worker (one reload) where the host does not. Never rejects. */
export function requestIsolation(): Promise<IsolationAnswer> {
  return isolation.request();
}

/** To be called once when a page with figures starts: restores the scroll position after the reload. */
export function resumeAfterReload(): void {
  isolation.resume();
}

async function startWorker(): Promise<void> {
  if (!isSecureContext || !('serviceWorker' in navigator)) throw new Error('No service workers here.');
  const scope = import.meta.env.BASE_URL.replace(/\/?$/, '/');
  const registration = await navigator.serviceWorker.register(`${scope}isolation.js`, {
    scope,
    updateViaCache: 'none',
  });
  const worker = registration.active ?? registration.waiting ?? registration.installing;
  if (!worker) throw new Error('The service worker did not start.');
  if (worker.state === 'activated') return;
  await new Promise<void>((resolve, reject) => {
    const limit = AbortSignal.timeout(WORKER_START_MS);
    limit.addEventListener('abort', () => reject(new Error('The service worker did not become active.')));
    worker.addEventListener('statechange', () => {
      if (worker.state === 'activated') resolve();
      else if (worker.state === 'redundant') reject(new Error('The service worker was refused.'));
    });
  });
}

function whenLoaded(act: () => void): void {
  if (document.readyState === 'complete') act();
  else addEventListener('load', () => act(), { once: true });
}

function lazily(storage: () => Storage): Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> {
  return {
    getItem: (key) => storage().getItem(key),
    setItem: (key, value) => storage().setItem(key, value),
    removeItem: (key) => storage().removeItem(key),
  };
}
