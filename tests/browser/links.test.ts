/** Every internal link, file and anchor that a built page names exists; read from the HTML, no browser needed. */
import assert from 'node:assert/strict';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseHTML } from 'linkedom';
import { builtPages, dist, type BuiltPage } from './harness.ts';

const base = (process.env.BASE_PATH ?? '').replace(/\/$/, '');

test('every internal link and anchor leads somewhere', () => {
  const pages = builtPages();
  assert.ok(pages.length >= 5, `expected the pages of a site, found ${pages.length}`);
  const documents = new Map(pages.map((page) => [page.path, parse(page)]));
  const broken = pages.flatMap((page) =>
    targets(documents.get(page.path) ?? [], page).flatMap((target) => {
      const fault = faultOf(target, page, documents);
      return fault ? [`${page.path} → ${target.value}: ${fault}`] : [];
    }),
  );
  assert.deepEqual(broken, []);
});

test('no page repeats an id', () => {
  const repeated = builtPages().flatMap((page) => {
    const ids = parse(page).flatMap(({ id }) => (id === '' ? [] : [id]));
    return ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `${page.path}#${id}`);
  });
  assert.deepEqual(repeated, []);
});

interface Target {
  value: string;
  /** Whether the target is a page that the reader goes to, whose anchors count. */
  isLink: boolean;
}

function parse(page: BuiltPage): Element[] {
  return [...parseHTML(page.html).document.querySelectorAll('*')];
}

function targets(elements: Element[], page: BuiltPage): Target[] {
  const found = elements.flatMap((element): Target[] => {
    const isLink = element.tagName === 'A';
    const srcset =
      element
        .getAttribute('srcset')
        ?.split(',')
        .map((part) => part.trim().split(/\s+/)[0] ?? '') ?? [];
    return ['href', 'src', 'poster', 'data-src']
      .map((name) => element.getAttribute(name))
      .concat(srcset)
      .filter((value): value is string => value !== null && value !== '')
      .map((value) => ({ value, isLink }));
  });
  const meta = /<meta[^>]+property="og:image"[^>]+content="([^"]+)"/.exec(page.html)?.[1];
  return meta ? [...found, { value: meta, isLink: false }] : found;
}

function faultOf(
  { value, isLink }: Target,
  page: BuiltPage,
  documents: Map<string, Element[]>,
): string | undefined {
  const here = new URL(base + page.path, 'http://site.invalid');
  if (/^(mailto|data|blob|javascript):/.test(value))
    return value.startsWith('javascript:') ? 'a script as a link' : undefined;
  const url = new URL(value, here);
  if (url.origin !== here.origin) return undefined;
  if (!url.pathname.startsWith(`${base}/`)) return 'leaves the base path';
  const path = decodeURIComponent(url.pathname.slice(base.length));
  const file = join(dist, path.endsWith('/') ? `${path}index.html` : path);
  if (!existsSync(file)) return 'no such file';
  if (statSync(file).isDirectory()) return 'a folder without its slash: one redirect too many';
  if (!isLink || url.hash === '') return undefined;
  const id = decodeURIComponent(url.hash.slice(1));
  const anchors = documents.get(path);
  // "#top" is the browser's own name for the top of a page; files that are no pages (an SVG) name their own parts
  if (!anchors || id === 'top') return undefined;
  const exists = anchors.some((element) => element.id === id || element.getAttribute('name') === id);
  return exists ? undefined : 'no such anchor';
}
