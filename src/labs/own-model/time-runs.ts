/** How long something takes: it is done again until enough time has gone by. */

/** Milliseconds of each time, at least one and at most `atMost`. */
export async function timeRuns(
  run: () => Promise<unknown>,
  now: () => number,
  { forMs, atMost }: { forMs: number; atMost: number },
): Promise<number[]> {
  const times: number[] = [];
  const until = now() + forMs;
  do {
    const startedAt = now();
    await run();
    times.push(now() - startedAt);
  } while (times.length < atMost && now() < until);
  return times;
}

/** The middle of the numbers; the mean of the two in the middle of an even count. */
export function median(times: readonly number[]): number {
  const sorted = times.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
