/** Work that can wait for a quiet moment. */

/** How long a piece of work may take where the browser does not say: half a frame. */
const unsaidMs = 8;

/** Calls `work` when the browser has nothing else to do; `left` says for how many milliseconds that lasts. */
export function whenIdle(work: (left: () => number) => void): void {
  // Safari has none
  if (typeof requestIdleCallback === 'function') {
    requestIdleCallback((deadline) => work(() => deadline.timeRemaining()));
    return;
  }
  setTimeout(() => {
    const start = performance.now();
    work(() => unsaidMs - (performance.now() - start));
  }, 1);
}
