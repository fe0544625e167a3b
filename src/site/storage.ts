/**
 * What the site keeps in the reader's browser, all of it. Nothing here leaves the machine.
 *
 *   key                 written by                holds
 *   starlight-theme     the half-moon, settings   "light", "dark" or nothing (follow the system)
 *   thaw-keys           settings                  "off" when the keys for search are switched off
 *   thaw-exercises      ticks of exercises        JSON list of exercise ids
 *   thaw-freeze-log     the freeze lab            JSON of its logs of runs, one for each network
 *   thaw-freeze-run     the freeze lab            JSON of the run under way, gone when it ends
 *
 * A browser may refuse storage (private windows, blocked cookies): then reading gives nothing and writing does nothing.
 * Figures keep their state in the address; models lie in the browser's cache, see src/engine/download.
 */

/** The keys in `localStorage`. */
export const storageKeys = {
  theme: 'starlight-theme',
  keys: 'thaw-keys',
  exercises: 'thaw-exercises',
  freezeLog: 'thaw-freeze-log',
  freezeRun: 'thaw-freeze-run',
} as const;

export type StorageKey = keyof typeof storageKeys;

/** Returns what is stored, or undefined where nothing is stored or storage is refused. */
export function readStored(key: StorageKey): string | undefined {
  try {
    return localStorage.getItem(storageKeys[key]) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Stores a value, or removes it when it is undefined. Returns whether the browser kept it. */
export function writeStored(key: StorageKey, value: string | undefined): boolean {
  try {
    if (value === undefined) localStorage.removeItem(storageKeys[key]);
    else localStorage.setItem(storageKeys[key], value);
    return true;
  } catch {
    return false;
  }
}

/** Returns the ids of exercises that the reader has ticked; whatever else is stored there counts as none. */
export function readTicks(): Set<string> {
  try {
    const value: unknown = JSON.parse(readStored('exercises') ?? '[]');
    return new Set(Array.isArray(value) ? value.filter((id) => typeof id === 'string') : []);
  } catch {
    return new Set();
  }
}

/** Stores the ids of ticked exercises. */
export function writeTicks(ticks: ReadonlySet<string>): boolean {
  return writeStored('exercises', ticks.size > 0 ? JSON.stringify([...ticks]) : undefined);
}
