/** A stretch of a text: a special token, or text between two. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
  /** The special token that stands here; undefined for other text. */
  readonly special?: string;
}

/** Finds special tokens in a text as they are written, the longest first where several begin at one place. */
export type FindSpecial = (text: string) => Stretch[];

/** A finder of these tokens; the stretches that it returns cover the text and none is empty. */
export function specialFinder(tokens: readonly string[]): FindSpecial {
  if (tokens.length === 0) return (text) => (text === '' ? [] : [{ start: 0, end: text.length }]);
  const longestFirst = tokens.toSorted((a, b) => b.length - a.length);
  const source = longestFirst.map((token) => token.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')).join('|');
  const pattern = new RegExp(source, 'gu');
  return (text) => {
    const stretches: Stretch[] = [];
    let end = 0;
    for (const { 0: special, index } of text.matchAll(pattern)) {
      if (index > end) stretches.push({ start: end, end: index });
      end = index + special.length;
      stretches.push({ start: index, end, special });
    }
    if (end < text.length) stretches.push({ start: end, end: text.length });
    return stretches;
  };
}
