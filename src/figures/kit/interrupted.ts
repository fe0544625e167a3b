/** The one reload that threads need, seen from a figure that has not woken yet. */

/** Whether the page reloaded for threads after the reader had pressed the button. */
export function wasInterrupted(): boolean {
  try {
    return sessionStorage.getItem('thaw.lens') !== null;
  } catch {
    return false;
  }
}
