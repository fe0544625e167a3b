/** What an author probably meant: known names that are close to the one written. */

/** Returns up to `limit` known names, nearest first; empty where nothing is near. */
export function nearMatches(written: string, known: Iterable<string>, limit = 3): string[] {
  const wanted = normalize(written);
  return [...known]
    .map((name) => ({ name, distance: distanceBetween(wanted, normalize(name)) }))
    .filter(({ name, distance }) => distance <= allowedDistance(Math.max(wanted.length, name.length)))
    .toSorted((a, b) => a.distance - b.distance || a.name.localeCompare(b.name, 'en'))
    .slice(0, limit)
    .map(({ name }) => name);
}

const normalize = (name: string): string => name.toLowerCase().replace(/[\s_-]+/g, '');

/** A third of the letters may be wrong: enough for a slip, too little for another word. */
const allowedDistance = (length: number): number => Math.max(1, Math.floor(length / 3));

/** Edits (insert, delete, replace, swap of neighbours) that turn one string into the other; a prefix costs one edit at most. */
function distanceBetween(a: string, b: string): number {
  if (a.length >= 3 && b.length >= 3 && (b.startsWith(a) || a.startsWith(b)))
    return Math.min(1, Math.abs(a.length - b.length));
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let best = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, replaced);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, (before[j - 2] ?? 0) + 1);
      next.push(best);
    }
    before = row;
    row = next;
  }
  return row[b.length] ?? 0;
}
