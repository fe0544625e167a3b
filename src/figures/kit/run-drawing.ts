/** A run whose steps come faster than they can be drawn: changes gather, and the drawing follows soon. */

/** A step of a head takes half a millisecond: the drawing follows no more often than this. */
export const drawEveryMs = 60;

export interface RunDrawing<R> {
  /** The run as it is known, drawn or not. */
  now: () => R | undefined;
  /** Changes the run, if there is one. */
  change: (change: Partial<R>) => void;
  /** Draws what has gathered. */
  flush: () => void;
  /** Forgets what has gathered. */
  drop: () => void;
}

/** Gathers changes of the run that `read` gives, and hands the changed one to `show`. */
export function createRunDrawing<R extends object>(
  read: () => R | undefined,
  show: (run: R) => void,
): RunDrawing<R> {
  let pending: R | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const drop = (): void => {
    clearTimeout(timer);
    timer = undefined;
    pending = undefined;
  };
  const flush = (): void => {
    const run = pending;
    drop();
    if (run) show(run);
  };
  const now = (): R | undefined => pending ?? read();
  return {
    now,
    change: (change) => {
      const run = now();
      if (!run) return;
      pending = { ...run, ...change };
      timer ??= setTimeout(flush, drawEveryMs);
    },
    flush,
    drop,
  };
}
