/** How a work of the bibliography is named in the text and in the list. */

export interface Work {
  authors: string | string[];
  year: number;
  title: string;
  venue?: string | undefined;
}

/** Returns what a citation prints: "Yosinski 2014", "Pan and Yang 2010", "Howard et al. 2018" for three and more. */
export function citeLabel({ authors, year }: Work): string {
  const names = listAuthors(authors).map(surname);
  const who = names.length > 2 ? `${names[0]} et al.` : names.join(' and ');
  return `${who} ${year}`;
}

/** Returns what a citation does not say itself: title and venue in one line. */
export function describeWork({ title, venue }: Pick<Work, 'title' | 'venue'>): string {
  return `${title}.${venue ? ` ${venue}.` : ''}`;
}

/** Returns the authors as a list, however the file gives them. */
export function listAuthors(authors: string | string[]): string[] {
  return Array.isArray(authors) ? authors : authors.split(/\s*(?:,|;|\band\b)\s*/).filter(Boolean);
}

/** The family name: the last word, with particles in front of it ("van der Maaten"). */
function surname(author: string): string {
  const words = author.trim().split(/\s+/);
  let first = words.length - 1;
  while (first > 1 && /^(van|von|der|den|de|del|di|da|la|le|ter|ten)$/i.test(words[first - 1] ?? '')) first--;
  return words.slice(first).join(' ');
}
