/** Mistakes of authors stop the build. Each message says where, what was written, what is known, and what to do. */
import { nearMatches } from './near-matches.ts';

export interface Mistake {
  /** What kind of name it is, as in "glossary term". */
  what: string;
  /** The name as it was written. */
  written: string;
  /** The tag it was written in, as in `<Term id="bakbone">`. */
  tag: string;
  /** Names that would have been right. */
  known: Iterable<string>;
  /** File, and line if it is known. */
  where: Place;
  /** How to add the missing thing. */
  advice: string;
}

export interface Place {
  file: string;
  line?: number | undefined;
}

/** The error that an author sees in place of a page. */
export class ContentMistake extends Error {
  override name = 'ContentMistake';
}

/** Returns the error for a name that nobody knows, with near matches if there are any. */
export function unknownName({ what, written, tag, known, where, advice }: Mistake): ContentMistake {
  const names = [...known].toSorted();
  const near = nearMatches(written, names);
  const hint =
    near.length > 0
      ? `Did you mean ${near.map((name) => `"${name}"`).join(' or ')}?`
      : names.length > 0
        ? `Known: ${names.slice(0, 12).join(', ')}${names.length > 12 ? `, and ${names.length - 12} more` : ''}.`
        : 'None is known yet.';
  return new ContentMistake(
    `${describePlace(where)}: there is no ${what} "${written}".\n  written: ${tag}\n  ${hint}\n  ${advice}`,
  );
}

/** Returns "content/course/01-idea/index.mdx:12", as editors and terminals link it. */
export function describePlace({ file, line }: Place): string {
  return line === undefined ? file : `${file}:${line}`;
}
