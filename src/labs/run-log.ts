/** The log of runs: what was tried and what came of it, to compare. Plain data; every change can be undone. */

/** A run that has ended: what it followed from, and what came of it. */
export interface LoggedRun<S, R> {
  /** A, B, C …: stands at its curves. */
  readonly letter: string;
  /** The reader's own name for it; may be empty. */
  readonly name: string;
  readonly isPinned: boolean;
  readonly settings: S;
  readonly result: R;
}

export interface RunLog<S, R> {
  /** Oldest first. */
  readonly runs: readonly LoggedRun<S, R>[];
  /** Runs that were ever logged: the next letter. */
  readonly count: number;
  /** The runs before the last change that can be undone. */
  readonly before?: readonly LoggedRun<S, R>[] | undefined;
}

/** More runs than this make the chart unreadable: the oldest that are not pinned leave. */
const mostRuns = 8;

/** Longest name that a run may have. */
export const longestName = 40;

export const emptyLog: RunLog<never, never> = { runs: [], count: 0 };

/** The letter of a run by its place: A … Z, AA, AB … */
export function letterOf(place: number): string {
  const last = String.fromCharCode(65 + (place % 26));
  return place < 26 ? last : letterOf(Math.floor(place / 26) - 1) + last;
}

/** The log with one more run. */
export function addRun<S, R>(log: RunLog<S, R>, settings: S, result: R): RunLog<S, R> {
  const run = { letter: letterOf(log.count), name: '', isPinned: false, settings, result };
  const runs = [...log.runs, run];
  const surplus = runs.length - mostRuns;
  const leaving = new Set(runs.filter(({ isPinned }) => !isPinned).slice(0, Math.max(0, surplus)));
  leaving.delete(run);
  return { runs: runs.filter((one) => !leaving.has(one)), count: log.count + 1 };
}

/** The log with another name for a run. */
export function renameRun<S, R>(log: RunLog<S, R>, letter: string, name: string): RunLog<S, R> {
  return change(log, letter, { name: name.trim().slice(0, longestName) });
}

/** The log with a run pinned or not: pinned runs never leave by themselves. */
export function pinRun<S, R>(log: RunLog<S, R>, letter: string, isPinned: boolean): RunLog<S, R> {
  return change(log, letter, { isPinned });
}

/** The log without a run; `undo` brings it back. */
export function removeRun<S, R>(log: RunLog<S, R>, letter: string): RunLog<S, R> {
  return { ...log, runs: log.runs.filter((run) => run.letter !== letter), before: log.runs };
}

/** The log without any run; `undo` brings them back. */
export function clearRuns<S, R>(log: RunLog<S, R>): RunLog<S, R> {
  return { ...log, runs: [], before: log.runs };
}

/** The log as it was before the last removal. */
export function undo<S, R>(log: RunLog<S, R>): RunLog<S, R> {
  return log.before ? { runs: log.before, count: log.count } : log;
}

function change<S, R>(
  log: RunLog<S, R>,
  letter: string,
  part: Partial<Pick<LoggedRun<S, R>, 'name' | 'isPinned'>>,
): RunLog<S, R> {
  return {
    runs: log.runs.map((run) => (run.letter === letter ? { ...run, ...part } : run)),
    count: log.count,
  };
}

/** The middle of some numbers; 0 of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return 0;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
