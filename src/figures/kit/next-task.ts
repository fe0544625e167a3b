/** Waiting so that the browser can draw and answer the reader before what follows. */

/** A frame that does not come, in a window that is covered, is not waited for any longer than this. */
const longestFrameMs = 100;

/** Resolves in a task of its own. */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

/** Resolves in a task after the next frame, in which what was changed until now is laid out and painted. */
export function nextFrame(): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, longestFrameMs);
    requestAnimationFrame(() => {
      clearTimeout(timer);
      setTimeout(resolve);
    });
  });
}
