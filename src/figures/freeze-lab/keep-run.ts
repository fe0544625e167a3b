/** A run under way in this browser: where its weights are kept, and how other tabs know of it. */
import { deleteStoredFiles } from '../../engine/download/cache-store.ts';
import { keepOpenRun } from './memory.ts';

/** The name of the kept weights among the stored files. */
export const keptAs = 'training freeze-lab';

const lockName = 'thaw-freeze-run';

/** Forgets the kept run, words and weights. */
export async function forgetRun(): Promise<void> {
  keepOpenRun(undefined);
  const siteRoot = new URL(import.meta.env.BASE_URL.replace(/\/?$/, '/'), location.href).href;
  await deleteStoredFiles('caches' in globalThis ? caches : undefined, siteRoot, keptAs);
}

/** Tells other tabs that a run is under way, until it is released or the tab is closed. */
export function holdRun(): { release: () => void } {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  void locks()?.request(lockName, { mode: 'shared' }, () => promise);
  return { release: () => resolve(undefined) };
}

/** Resolves once no tab is at a run; the tab that was closed a moment ago may still be on its way out. */
export async function whenFree(signal: AbortSignal): Promise<void> {
  await locks()?.request(lockName, { signal }, () => undefined);
}

/** Absent in old browsers, and where the page is not served safely. */
function locks(): LockManager | undefined {
  return 'locks' in navigator ? navigator.locks : undefined;
}
