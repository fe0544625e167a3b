/**
 * Whether a worker still lives. A worker that the browser ends, or that closes itself, sends no event; but the browser
 * gives back the locks that it held (https://www.w3.org/TR/web-locks/). So the worker holds a lock for its whole life, and
 * whoever started it waits in line for the same lock.
 *
 *   worker: holdLife → (lock held) → says that it is ready … ends, in whatever way → lock given back
 *   page:   on ready: watchLife → the lock is granted → the worker is dead
 *
 * Where locks are missing or refused nothing is watched; errors that the browser does report are heard all the same.
 */

/** In the worker: holds the lock of this name until the end; resolves when it is held, or cannot be. */
export function holdLife(name: string, locks = ownLocks()): Promise<void> {
  return new Promise((resolve) => {
    if (!locks || name === '') {
      resolve();
      return;
    }
    const forever = () => {
      resolve();
      return new Promise<never>(() => undefined);
    };
    locks.request(name, forever).catch(() => resolve());
  });
}

/** In the page: calls back once when the worker of this name has died; the signal ends the watch. */
export function watchLife(name: string, signal: AbortSignal, onDeath: () => void, locks = ownLocks()): void {
  const died = () => {
    if (!signal.aborted) onDeath();
  };
  // Rejects when the signal aborts and where locks are refused
  locks?.request(name, { signal }, died).catch(() => undefined);
}

function ownLocks(): LockManager | undefined {
  return 'locks' in navigator ? navigator.locks : undefined;
}
