import { createLine, type Line } from '../../../../src/engine/download/line.ts';

/** A clock that stands still until it is told how much time has passed. */
export function createStillClock() {
  let time = 0;
  const sleepers: { until: number; wake: () => void }[] = [];
  return {
    now: () => time,
    wait: (delayMs: number, signal: AbortSignal | undefined) =>
      new Promise<void>((wake) => {
        sleepers.push({ until: time + delayMs, wake });
        signal?.addEventListener('abort', () => wake());
      }),
    /** Lets time pass, then lets everything that waited for it happen. */
    async pass(elapsedMs: number): Promise<void> {
      time += elapsedMs;
      for (const { until, wake } of sleepers) if (until <= time) wake();
      await new Promise(setImmediate);
    },
  };
}

/** A line on which no time passes, so that it never counts as dead. */
export function createStillLine(): Line {
  const { now, wait } = createStillClock();
  return createLine(now, wait);
}
