/** The source of the page that is being rendered: which file, which line, and the number of each thing in it. */
import { readFileSync } from 'node:fs';
import type { Place } from './mistake.ts';
import { findTags, type WrittenTag } from './tags.ts';

/** The parts of Starlight's route data that matter here. */
export interface RenderedPage {
  starlightRoute: { entry: { filePath?: string; body?: string; data: { chapter?: number | undefined } } };
}

/** Tags that stand in prose without being figures; everything else that begins with a capital letter is a figure. */
export const PROSE_TAGS = [
  'Term',
  'Cite',
  'Note',
  'Exercise',
  'Answer',
  'Frozen',
  'Trainable',
  'Equation',
  'Further',
  'Value',
] as const;

const read = new Map<string, { body: string; tags: WrittenTag[] }>();

/** Returns the page's tags in the order of the text; none for a page that is not written in Markdown. */
export function tagsOf(page: RenderedPage): WrittenTag[] {
  const { filePath = '', body = '' } = page.starlightRoute.entry;
  const known = read.get(filePath);
  if (known?.body === body) return known.tags;
  const tags = findTags(body);
  read.set(filePath, { body, tags });
  return tags;
}

/** Returns the place of a tag in its file. `match` picks the tag, for instance by an attribute. */
export function placeOf(page: RenderedPage, match: (tag: WrittenTag) => boolean): Place {
  const { filePath = 'a page', body = '' } = page.starlightRoute.entry;
  const tag = tagsOf(page).find(match);
  return { file: filePath, line: tag && tag.line + linesBefore(filePath, body) };
}

/** Lines of frontmatter in front of the body. */
function linesBefore(filePath: string, body: string): number {
  try {
    const whole = readFileSync(filePath, 'utf8');
    const start = whole.indexOf(body.trimStart().slice(0, 200));
    const blankLines = body.slice(0, body.length - body.trimStart().length).split('\n').length - 1;
    return start < 0 ? 0 : whole.slice(0, start).split('\n').length - 1 - blankLines;
  } catch {
    return 0;
  }
}

const counters = new WeakMap<object, Map<string, number>>();

/**
 * Returns the number of the tag that is being rendered, such as "3.2" in chapter 3, or "2" on a page without a chapter number;
 * undefined on a page without source. Exercises and equations are counted each on their own, figures and diagrams together.
 * Without an id, calls for the same tag on one page are taken in the order of the text.
 */
export function numberOf(page: RenderedPage, tag: string, id?: string): string | undefined {
  const isProse = (PROSE_TAGS as readonly string[]).includes(tag);
  const row = tagsOf(page).filter(({ name }) =>
    isProse ? name === tag : !(PROSE_TAGS as readonly string[]).includes(name),
  );
  const same = row.filter(
    ({ name, attributes }) =>
      name === tag && (id === undefined || (attributes['id'] ?? attributes['name']) === id),
  );
  const found = same[id === undefined ? countCall(page, tag) : 0];
  if (!found) return undefined;
  const place = row.indexOf(found) + 1;
  const chapter = page.starlightRoute.entry.data.chapter;
  return chapter === undefined ? String(place) : `${chapter}.${place}`;
}

/** An id that no other element of the page gets, the same in every build: `lens-1`, `lens-2` in the order of the calls. */
export function countedId(page: RenderedPage, name: string): string {
  return `${name}-${countCall(page, `id of ${name}`) + 1}`;
}

function countCall(page: RenderedPage, tag: string): number {
  const counts = counters.get(page.starlightRoute) ?? new Map<string, number>();
  counters.set(page.starlightRoute, counts);
  const count = counts.get(tag) ?? 0;
  counts.set(tag, count + 1);
  return count;
}
