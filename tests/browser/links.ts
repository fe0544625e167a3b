/** Where the links of built pages lead, read from the HTML. */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseHTML } from 'linkedom';
import type { BuiltPage } from './built-site.ts';

interface Target {
  value: string;
  /** Whether the target is a page that the reader goes to, whose anchors count. */
  isLink: boolean;
}

/** Every element of a page. */
export function parsePage(page: BuiltPage): Element[] {
  return [...parseHTML(page.html).document.querySelectorAll('*')];
}

/**
 * What is wrong with the internal links, files and anchors of the pages, one line each.
 * @param root folder of the built site
 * @param base path under which it was built, without a slash at the end
 */
export function brokenLinks(pages: readonly BuiltPage[], root: string, base: string): string[] {
  const documents = new Map(pages.map((page) => [page.path, parsePage(page)]));
  const faultOf = ({ value, isLink }: Target, page: BuiltPage): string | undefined => {
    const here = new URL(base + page.path, 'http://site.invalid');
    if (value.startsWith('javascript:')) return 'a script as a link';
    if (/^(mailto|data|blob):/.test(value)) return undefined;
    const url = new URL(value, here);
    if (url.origin !== here.origin) return undefined;
    if (!url.pathname.startsWith(`${base}/`)) return 'leaves the base path';
    const path = decodeURIComponent(url.pathname.slice(base.length));
    const file = join(root, path.endsWith('/') ? `${path}index.html` : path);
    if (!existsSync(file)) return 'no such file';
    if (statSync(file).isDirectory()) return 'a folder without its slash: one redirect too many';
    if (!isLink || url.hash === '') return undefined;
    const id = decodeURIComponent(url.hash.slice(1));
    const anchors = documents.get(path);
    // "#top" is the browser's own name for the top of a page; files that are no pages (an SVG) name their own parts
    if (!anchors || id === 'top') return undefined;
    const exists = anchors.some((element) => element.id === id || element.getAttribute('name') === id);
    return exists ? undefined : 'no such anchor';
  };
  return pages.flatMap((page) =>
    targetsOf(documents.get(page.path) ?? [], page).flatMap((target) => {
      const fault = faultOf(target, page);
      return fault ? [`${page.path} → ${target.value}: ${fault}`] : [];
    }),
  );
}

function targetsOf(elements: Element[], page: BuiltPage): Target[] {
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
