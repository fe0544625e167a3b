/** Finds the words of the course that a mistyped query may mean. */

/** Returns the query with unknown words replaced by near ones, or undefined if there is nothing to replace. */
export function correctQuery(query: string, words: ReadonlyMap<string, number>): string | undefined {
  let changed = false;
  const corrected = query.replace(/\p{L}[\p{L}\p{M}]+/gu, (word) => {
    const better = correctWord(word.toLowerCase(), words);
    if (better === undefined || better === word.toLowerCase()) return word;
    changed = true;
    return better;
  });
  return changed ? corrected : undefined;
}

/**
 * The word itself if the list holds it (or a word that begins with it, as the reader may still be typing); else the
 * nearest word, the more frequent of equally near ones; undefined if none is near.
 */
export function correctWord(word: string, words: ReadonlyMap<string, number>): string | undefined {
  if (words.has(word) || word.length < 4) return word;
  const farthest = word.length < 6 ? 1 : 2;
  let best: string | undefined;
  let bestCost = Number.POSITIVE_INFINITY;
  for (const [candidate, power] of words) {
    if (candidate.startsWith(word)) return word;
    if (Math.abs(candidate.length - word.length) > farthest) continue;
    const distance = editDistance(word, candidate, farthest);
    if (distance > farthest) continue;
    // A wrong first letter is rare; frequency decides between equals only
    const cost = distance + (candidate[0] === word[0] ? 0 : 0.5) - power / 100;
    if (cost < bestCost) [best, bestCost] = [candidate, cost];
  }
  return best;
}

/**
 * Edits between two words: insert, delete, replace a letter, or swap two neighbours (optimal string alignment, the
 * restricted Damerau–Levenshtein distance). Stops early and returns limit + 1 once the limit is passed.
 */
export function editDistance(a: string, b: string, limit: number): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, (beforeLast[j - 2] ?? 0) + 1);
      row.push(cost);
    }
    if (Math.min(...row) > limit) return limit + 1;
    [beforeLast, last] = [last, row];
  }
  return last[b.length] ?? 0;
}
