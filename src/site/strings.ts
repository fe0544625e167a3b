/* eslint-disable max-lines -- a table of words, nothing else */
/**
 * Every word of the interface, grouped by area, so that a translation is one other table.
 * Placeholders stand in braces: `{count}`. Use only ` ` (U+202F) before a per cent sign and inside numbers.
 */
const words = {
  // ── Site ──────────────────────────────────────────────────────────────
  'site.title': 'Thaw',
  'site.description':
    'A visual course on transfer learning: freeze a layer, thaw another, train a real network in the page, and read what it did.',

  // ── Navigation ────────────────────────────────────────────────────────
  'nav.course': 'The course',
  'nav.reference': 'Reference',
  'nav.glossary': 'Glossary',
  'nav.bibliography': 'Bibliography',
  'nav.models': 'Model cards',
  'nav.credits': 'Credits',
  'nav.settings': 'Settings',
  'nav.source': 'Source',
} as const;

/** The name of a word or sentence of the interface. */
export type WordKey = keyof typeof words;

type Placeholders<S extends string> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | Placeholders<Rest> : never;
type Params<K extends WordKey> = Placeholders<(typeof words)[K]>;
type Args<K extends WordKey> = [Params<K>] extends [never] ? [] : [params: Record<Params<K>, string | number>];

/** Returns a word of the interface with its placeholders filled in. Keys and placeholders are checked by the compiler. */
export function t<K extends WordKey>(key: K, ...[params]: Args<K>): string {
  const text: string = words[key];
  if (!params) return text;
  const values = params as Record<string, string | number>;
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name]));
}
