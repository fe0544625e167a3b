/** The name that somebody probably meant, and the sentence that says what this teaching subset has. */

/** The known name with the fewest changed letters, if they are few. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const ranked = known
    .map((one) => ({ one, distance: changes(name.toLowerCase(), one.toLowerCase()) }))
    .filter(({ one, distance }) => distance <= Math.max(1, Math.floor(Math.min(name.length, one.length) / 3)))
    .sort((a, b) => a.distance - b.distance || a.one.localeCompare(b.one));
  return ranked[0]?.one;
}

/** Letters to insert, delete, replace or swap (Damerau 1964, restricted). */
function changes(a: string, b: string): number {
  const rows: number[][] = Array.from({ length: a.length + 1 }, (_, i) =>
    Array.from({ length: b.length + 1 }, (_one, j) => (i === 0 ? j : j === 0 ? i : 0)),
  );
  for (let i = 1; i <= a.length; i++)
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      rows[i][j] = Math.min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        rows[i][j] = Math.min(rows[i][j], rows[i - 2][j - 2] + 1);
    }
  return rows[a.length][b.length];
}

/** What the bench says about a name that it does not know: that it is a teaching subset, a near match, and what is there. */
export function missingFrom(owner: string, name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  const shown = known.filter((one) => !one.startsWith('_')).sort();
  return `This bench is a teaching subset, so real PyTorch may know more.${near ? ` Did you mean \`${near}\`?` : ''} Of ${owner} it has: ${shown.join(', ')}.`;
}
