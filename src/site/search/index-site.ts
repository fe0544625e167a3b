/** Build step: makes the search index and the list of words for "did you mean" out of the built pages. */
import { glob, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import * as pagefind from 'pagefind';
import { cutRecords, type RecordKind, type SearchRecord } from './records.ts';
import { countWords, writeWordList } from './word-list.ts';

/** Files that the dialog needs; Pagefind's own interfaces and its worker are left out. */
const NEEDED = /^(pagefind\.js|pagefind-entry\.json|wasm\.en\.pagefind|.*\.pf_meta|(fragment|index)\/.*)$/;
/** How much the text of a record counts: a chapter that teaches a thing comes before the entry that defines it. */
const KIND_WEIGHTS: Record<RecordKind, number> = { chapter: 1, reference: 0.8, term: 0.6, work: 0.4 };
/** Weight of a title as text of its own record, on top of Pagefind's weight for the field. */
const TITLE_WEIGHTS: Record<RecordKind, number> = { chapter: 7, reference: 6, term: 5, work: 3 };
/** Characters that belong to names in code, such as requires_grad_. */
const CODE_CHARACTERS = '_';

/** Writes `pagefind/` (the index) and `search/words.txt` into the built site. */
export function searchIndex(): AstroIntegration {
  return {
    name: 'thaw-search',
    hooks: {
      'astro:build:done': async ({ dir, logger }) => {
        const root = fileURLToPath(dir);
        const records = await readRecords(root);
        try {
          const files = await buildIndex(records);
          for (const { path, content } of files.filter((file) => NEEDED.test(file.path))) {
            await mkdir(dirname(join(root, 'pagefind', path)), { recursive: true });
            await writeFile(join(root, 'pagefind', path), content);
          }
        } finally {
          await pagefind.close();
        }
        const words = countWords(
          records.flatMap(({ title, parts }) => [title, ...parts.map(({ text }) => text)]),
        );
        await mkdir(join(root, 'search'), { recursive: true });
        await writeFile(join(root, 'search', 'words.txt'), writeWordList(words));
        logger.info(`${String(records.length)} sections, ${String(words.size)} words`);
      },
    },
  };
}

/** Returns the records of every page below the folder, in the order of their addresses. */
export async function readRecords(root: string): Promise<SearchRecord[]> {
  const pages: string[] = [];
  for await (const page of glob('**/*.html', { cwd: root })) pages.push(page);
  const records: SearchRecord[] = [];
  for (const page of pages.sort()) {
    const path = `/${page.replaceAll('\\', '/')}`.replace(/index\.html$/, '');
    records.push(...cutRecords(await readFile(join(root, page), 'utf8'), path));
  }
  return records;
}

/** Makes the index of these records; returns its files. Throws with Pagefind's words if it refuses one. */
export async function buildIndex(records: readonly SearchRecord[]): Promise<pagefind.IndexFile[]> {
  const { index, errors } = await pagefind.createIndex({
    forceLanguage: 'en',
    includeCharacters: CODE_CHARACTERS,
  });
  if (!index) throw new Error(`Pagefind did not start: ${errors.join('; ')}`);
  for (const record of records) {
    const { errors } = await index.addHTMLFile({ url: record.url, content: writeRecord(record) });
    if (errors.length > 0) throw new Error(`${record.url} could not be indexed: ${errors.join('; ')}`);
  }
  return (await index.getFiles()).files;
}

function writeRecord({ kind, title, page, parts, authors }: SearchRecord): string {
  const scale = KIND_WEIGHTS[kind];
  const blocks = parts.map(
    ({ text, weight }) =>
      `<div data-pagefind-weight="${String(weight * scale)}"><p>${escapeHtml(text)}</p></div>`,
  );
  const field = kind === 'term' || kind === 'work' ? 'term' : 'title';
  return (
    `<!doctype html><html lang="en"><head><title>${escapeHtml(title)}</title></head><body data-pagefind-body>` +
    `<span data-pagefind-meta="${field}:${escapeHtml(title)}"></span><span data-pagefind-meta="page:${escapeHtml(page)}"></span>` +
    `<span data-pagefind-meta="kind:${kind}"></span>` +
    (authors ? `<span data-pagefind-meta="authors:${escapeHtml(authors)}"></span>` : '') +
    `<div data-pagefind-weight="${String(TITLE_WEIGHTS[kind])}"><p>${escapeHtml(title)}.</p></div>${blocks.join('')}</body></html>`
  );
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
