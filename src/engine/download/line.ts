/** What all downloads of a page share: the line to the network, and whether anything still comes over it. */
import type { DownloadPorts } from './download.ts';

export interface Line {
  /** Time without a single byte after which the line counts as dead, seconds. */
  readonly patienceSeconds: number;
  /** Watches one request, from now until `end`; `signal` calls it off. */
  watch: (signal: AbortSignal | undefined) => LineWatch;
}

/** The watch over one request. */
export interface LineWatch {
  /** For the request: aborts when it is called off, and when the line is dead. */
  readonly signal: AbortSignal;
  /** Nothing at all came for so long, counted from the start of the watch at the earliest. */
  readonly isDead: boolean;
  /** Waits for something to arrive; rejects when the line is dead by then. */
  hear: <T>(arrival: Promise<T>) => Promise<T>;
  end: () => void;
}

/**
 * A line with this clock; `now` in milliseconds. One line for all files: on a slow connection one file may wait for
 * minutes until another has come, and is not dead for that.
 */
export function createLine(now: () => number, wait: DownloadPorts['wait'], patienceSeconds = 20): Line {
  let heardAt = Number.NEGATIVE_INFINITY;

  async function untilQuiet(signal: AbortSignal): Promise<void> {
    const startedAt = now();
    for (;;) {
      const leftMs = Math.max(startedAt, heardAt) + patienceSeconds * 1000 - now();
      if (leftMs <= 0 || signal.aborted) return;
      await wait(leftMs, signal);
    }
  }

  return {
    patienceSeconds,
    watch(outer) {
      const request = new AbortController();
      const over = new AbortController();
      const callOff = () => request.abort();
      if (outer?.aborted) callOff();
      outer?.addEventListener('abort', callOff);
      let isDead = false;
      const dead = untilQuiet(over.signal).then((): never => {
        isDead = !over.signal.aborted;
        request.abort();
        throw new DOMException('Nothing came over the line.', 'TimeoutError');
      });
      dead.catch(() => undefined);
      return {
        signal: request.signal,
        get isDead() {
          return isDead;
        },
        async hear(arrival) {
          const arrived = await Promise.race([arrival, dead]);
          heardAt = now();
          return arrived;
        },
        end() {
          outer?.removeEventListener('abort', callOff);
          over.abort();
        },
      };
    },
  };
}
