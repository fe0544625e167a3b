/**
 * Threads need a cross-origin isolated page. Hosts that read `_headers` make every page so; on others a service worker
 * adds the same headers, which takes one reload. Life cycle of that reload, as kept in the tab's session storage:
 *
 *   (nothing) --request--> worker registered, scroll position written --reload--> resume
 *   resume, page isolated:      record removed, scroll position restored
 *   resume, page not isolated:  record removed, failure remembered for a week; requests answer 'unavailable'
 *
 * The page therefore reloads at most once for each request and never by itself.
 */

/** How a request for isolation ended: threads can be used; the page is about to reload; this browser cannot. */
export type IsolationAnswer = 'isolated' | 'reloading' | 'unavailable';

/** What stands around the page. The browser's own is in client.ts. */
export interface IsolationPorts {
  isIsolated: () => boolean;
  /** Registers the service worker and resolves when it is active; rejects where that is impossible. */
  startWorker: () => Promise<void>;
  /** Storage of this tab. Its methods may throw where storage is refused. */
  session: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  /** Storage of this site. Its methods may throw where storage is refused. */
  lasting: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  scroll: { read: () => number; restore: (topPx: number) => void };
  reload: () => void;
  /** Milliseconds since 1970. */
  now: () => number;
}

export interface Isolation {
  /** Makes the page isolated if it is not; see IsolationAnswer. Never rejects. */
  request: () => Promise<IsolationAnswer>;
  /** To be called once when a page starts: ends a reload that a request began, if there was one. */
  resume: () => void;
}

const RELOAD_KEY = 'thaw.isolation.reload';
const FAILURE_KEY = 'thaw.isolation.failed';
const FAILURE_LASTS_MS = 7 * 24 * 3600 * 1000;

/** Creates the one keeper of isolation for a page; two requests at once share one answer. */
export function createIsolation(ports: IsolationPorts): Isolation {
  let pending: Promise<IsolationAnswer> | undefined;
  return {
    request: () => (pending ??= request()),
    resume,
  };

  async function request(): Promise<IsolationAnswer> {
    if (ports.isIsolated()) return 'isolated';
    try {
      if (hasFailedLately() || ports.session.getItem(RELOAD_KEY) !== null) return 'unavailable';
      await ports.startWorker();
      // Without this record the page could not tell a failed attempt from a first one, so no record, no reload
      ports.session.setItem(RELOAD_KEY, String(ports.scroll.read()));
    } catch {
      return 'unavailable';
    }
    ports.reload();
    return 'reloading';
  }

  function resume(): void {
    try {
      const topPx = ports.session.getItem(RELOAD_KEY);
      if (topPx === null) return;
      ports.session.removeItem(RELOAD_KEY);
      if (ports.isIsolated()) ports.lasting.removeItem(FAILURE_KEY);
      else ports.lasting.setItem(FAILURE_KEY, String(ports.now()));
      ports.scroll.restore(Number(topPx));
    } catch {
      // Storage refused: there was no reload to end
    }
  }

  function hasFailedLately(): boolean {
    const failedAt = Number(ports.lasting.getItem(FAILURE_KEY) ?? Number.NEGATIVE_INFINITY);
    return ports.now() - failedAt < FAILURE_LASTS_MS;
  }
}
