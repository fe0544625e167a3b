/**
 * Cuts a built page into the records that the search knows: one for each section (heading with an address), one for each
 * entry of the glossary and of the bibliography, one for what stands before the first heading. A record leads to its
 * section and is ranked alone, so that a short section about a thing beats a long page that mentions it.
 */
import { parseHTML } from 'linkedom';

/** What a record is part of; decides how much it weighs. */
export type RecordKind = 'chapter' | 'reference' | 'term' | 'work';

export interface SearchRecord {
  /** Address without the base path, with the section's anchor: "/course/idea/#domains-and-tasks". */
  url: string;
  kind: RecordKind;
  /** The section's heading, or the page's title. */
  title: string;
  /** Title of the page that it stands on. */
  page: string;
  /** Authors, if it is a work of the bibliography. */
  authors?: string;
  /** Readable parts in order, with the weight of each (1 is running text). */
  parts: { text: string; weight: number }[];
}

/** Controls, repeated navigation and drawings: nobody searches for them. */
const CHROME = [
  'script, style, template, noscript, kbd, svg, canvas, nav, form, button, select, input, label, output, iframe',
  '.pagination, .sl-anchor-link, .sr-only, .exercise-head label, .contents, .contents-bar, starlight-tabs [role=tablist]',
  '[data-pagefind-ignore], [data-search-ignore], [hidden]:not(details *), [role=status], [aria-live]',
].join(',');
/** Elements with an address of their own that are records without being headings. */
const ENTRIES = '.term-entry[id], .work[id], [data-search-entry][id]';
const HEADINGS = 'h2[id], h3[id]';
/** Weights of running text's neighbours. Headings count through the record's title. */
const CODE_WEIGHT = 0.4;
const TABLE_WEIGHT = 0.5;
/** A hair space: parts the names in code, as Pagefind splits words at spaces only, and hardly shows in an excerpt. */
const HAIR = '\u200a';

type PageElement = ReturnType<typeof parseHTML>['document']['documentElement'];

/** Returns the records of one page; none for a page that search engines should not list either (404). */
export function cutRecords(html: string, path: string): SearchRecord[] {
  const { document } = parseHTML(html);
  const main = document.querySelector('main');
  if (!main || document.querySelector('meta[name=robots][content*=noindex]') || path.startsWith('/404'))
    return [];
  for (const formula of main.querySelectorAll('.katex'))
    formula.replaceWith(document.createTextNode(readFormula(formula as PageElement)));
  for (const chrome of main.querySelectorAll(CHROME)) chrome.remove();
  const page = clean(
    main.querySelector('h1')?.textContent ?? document.querySelector('title')?.textContent ?? path,
  );
  const kind: RecordKind = /^\/course\/[^/]+\/$/.test(path) ? 'chapter' : 'reference';
  const records: SearchRecord[] = [{ url: path, kind, title: page, page, parts: [] }];
  const description = document.querySelector('meta[name=description]')?.getAttribute('content');
  if (description) records[0]?.parts.push({ text: clean(description), weight: 1 });
  walk(main);
  return records.filter(({ parts, title }) => parts.length > 0 || title !== page);

  function walk(parent: PageElement): void {
    for (const element of parent.children as Iterable<PageElement>) {
      if (element.matches('h1')) continue;
      if (element.matches(ENTRIES)) addEntry(element);
      else if (element.matches(HEADINGS))
        records.push({
          url: `${path}#${element.id}`,
          kind,
          title: clean(element.textContent),
          page,
          parts: [],
        });
      else if (element.querySelector(`${HEADINGS}, ${ENTRIES}`)) walk(element);
      else
        addParts(element, records.findLast(({ kind }) => kind !== 'term' && kind !== 'work') ?? records[0]);
    }
  }

  function addEntry(element: PageElement): void {
    const isWork = element.matches('.work');
    const heading = element.querySelector('h2, h3, p');
    const named = element.getAttribute('data-search-entry');
    const title = named ?? (isWork ? readWorkTitle(element) : clean(heading?.textContent ?? element.id));
    const record: SearchRecord = {
      url: `${path}#${element.id}`,
      kind: isWork ? 'work' : 'term',
      title,
      page,
      parts: [],
    };
    if (isWork) record.authors = readAuthors(element);
    else heading?.remove();
    addParts(element, record);
    records.push(record);
  }
}

function addParts(element: PageElement, record: SearchRecord | undefined): void {
  if (!record) return;
  const add = (part: PageElement, weight: number): void => {
    const text = clean(part.textContent);
    if (text) record.parts.push({ text, weight });
  };
  for (const code of element.matches('pre') ? [element] : element.querySelectorAll('pre, code'))
    code.textContent = code.textContent.replace(/[^\p{L}\p{N}_\s]+/gu, `${HAIR}$&${HAIR}`);
  for (const code of element.matches('pre') ? [element] : element.querySelectorAll('pre')) {
    add(code, CODE_WEIGHT);
    if (code !== element) code.remove();
  }
  if (element.matches('pre')) return;
  for (const table of element.querySelectorAll('figure table, [data-table]')) {
    add(table as PageElement, TABLE_WEIGHT);
    table.remove();
  }
  for (const block of element.querySelectorAll('p, li, td, th, dd, dt, figcaption, h4, summary, div'))
    block.append(' '); // so that the last word of one block and the first of the next stay two words
  add(element, 1);
}

/** The signs of a formula as one would read them, without its TeX source. */
function readFormula(formula: PageElement): string {
  return ` ${formula.querySelector('.katex-html')?.textContent ?? ''} `;
}

function readWorkTitle(work: PageElement): string {
  const line = clean(work.querySelector('p')?.textContent ?? work.id);
  return clean(work.querySelector('p a')?.textContent ?? '') || line;
}

function readAuthors(work: PageElement): string {
  return clean(/^[^(]*/.exec(work.querySelector('p')?.textContent ?? '')?.[0] ?? '');
}

function clean(text: string): string {
  return text.replace(/[\t\n\r \u00a0\u200b]+/g, ' ').trim();
}
