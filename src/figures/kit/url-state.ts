/**
 * What a reader may want to share lives in the address: a table of fields says which keys there are, how each is
 * read, checked and written. A value that does not pass is ignored; one that equals its fallback is left out.
 */

/** One shareable value. */
export interface Field<T> {
  /** The value in the address as T, or undefined if it is not allowed. */
  read: (text: string) => T | undefined;
  write: (value: T) => string;
  /** Whether an empty text is a value like others: then it is written, where it is not the fallback. */
  hasEmpty?: boolean;
}

export type FieldTable<S> = { readonly [K in keyof S]: Field<S[K]> };

/** A field that takes one of the given words. */
export function oneOf<T extends string>(values: readonly T[]): Field<T> {
  return { read: (text) => values.find((value) => value === text), write: String };
}

/** A field for what a reader typed, nothing included; longer texts than that stay out of the address. */
export function freeText(longest: number): Field<string> {
  return {
    read: (text) => (text.length <= longest ? text : undefined),
    write: (text) => (text.length <= longest ? text : ''),
    hasEmpty: true,
  };
}

/** A field for a place in a list of words: the address carries the word. A place outside the list writes nothing. */
export function placeIn(words: readonly string[]): Field<number> {
  return {
    read: (text) => {
      const place = words.indexOf(text);
      return place < 0 ? undefined : place;
    },
    write: (place) => words[place] ?? '',
  };
}

/** A field that takes a whole number from `min` to `max`. */
export function wholeNumber(min: number, max: number): Field<number> {
  return {
    read: (text) => {
      const value = Number(text);
      return /^\d{1,6}$/.test(text) && value >= min && value <= max ? value : undefined;
    },
    write: String,
  };
}

/** The values that the address sets, for the figure whose keys start with `prefix`; everything else is absent. */
export function readFields<S extends object>(table: FieldTable<S>, search: string, prefix = ''): Partial<S> {
  const params = new URLSearchParams(search);
  const values: Partial<S> = {};
  for (const key of Object.keys(table) as (keyof S & string)[]) {
    const text = params.get(prefix + key);
    const value = text === null ? undefined : table[key].read(text);
    if (value !== undefined) values[key] = value;
  }
  return values;
}

/** The query with this figure's values written into it; keys of others stay, values equal to their fallback go. */
export function writeFields<S extends object>(
  table: FieldTable<S>,
  values: S,
  fallbacks: S,
  search: string,
  prefix = '',
): string {
  const params = new URLSearchParams(search);
  for (const key of Object.keys(table) as (keyof S & string)[]) {
    const isFallback = values[key] === fallbacks[key];
    // A value that cannot be shared, such as the reader's own picture, writes nothing
    const text = isFallback ? '' : table[key].write(values[key]);
    const isEmpty = !isFallback && table[key].hasEmpty && (values[key] as unknown) === '';
    if (text || isEmpty) params.set(prefix + key, text);
    else params.delete(prefix + key);
  }
  const query = params.toString();
  return query && `?${query}`;
}

/** The prefix of a figure's keys: none for the first figure of a page, then `2-`, `3-` … in page order. */
export function addressPrefix(index: number): string {
  return index === 0 ? '' : `${index + 1}-`;
}
