/** What a visit costs in bytes: every file that a page really asks for, at the size a plain gzip host sends it. */
import { existsSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { dist } from './built-site.ts';

// Everything else (woff2, webp, png, gz, onnx) is compressed already or sent as it is by plain hosts.
const compressible = new Set([
  '.html',
  '.js',
  '.mjs',
  '.css',
  '.json',
  '.svg',
  '.xml',
  '.txt',
  '.webmanifest',
  '.wasm',
]);

/** The bytes of a visit. */
export interface Weight {
  /** Everything, in bytes as sent. */
  totalBytes: number;
  /** Scripts alone: files, and what stands between script tags in the page. */
  scriptBytes: number;
  /** Bytes as sent of each file, largest first. */
  files: [path: string, bytes: number][];
}

/** Bytes that a host with plain gzip sends for a file of the built site. */
export function sentBytes(file: string): number {
  const bytes = readFileSync(file);
  return compressible.has(extname(file)) ? gzipSync(bytes, { level: 9 }).byteLength : bytes.byteLength;
}

/** Listens to a page from before its first request; the function returned gives the weight so far. */
export function weighVisit(page: Page, site: string): () => Weight {
  const paths = new Set<string>();
  const { pathname, origin } = new URL(site);
  const base = pathname.replace(/\/$/, '');
  page.context().on('request', (request) => {
    const url = new URL(request.url());
    if (url.origin === origin && url.pathname.startsWith(base))
      paths.add(decodeURIComponent(url.pathname.slice(base.length)));
  });
  return () => {
    const files = [...paths]
      .map((path) => [path, fileFor(path)] as const)
      .filter((entry): entry is readonly [string, string] => entry[1] !== undefined)
      .map(([path, file]): [string, number] => [path, sentBytes(file)])
      .sort((a, b) => b[1] - a[1]);
    const scripts = files.filter(([path]) => /\.m?js$/.test(path)).reduce((sum, [, bytes]) => sum + bytes, 0);
    const pages = [...paths].map(fileFor).filter((file) => file?.endsWith('.html'));
    const inline = pages.reduce((sum, file) => sum + inlineScriptBytes(readFileSync(file ?? '', 'utf8')), 0);
    return {
      totalBytes: files.reduce((sum, [, bytes]) => sum + bytes, 0),
      scriptBytes: scripts + inline,
      files,
    };
  };
}

/**
 * Reads a page to its end, as a reader who starts no figure does, and returns what that cost.
 * @param url address of the page; the page must be fresh, with an empty cache
 */
export async function weighReading(page: Page, site: string, url: string): Promise<Weight> {
  const weight = weighVisit(page, site);
  await page.goto(url, { waitUntil: 'networkidle' });
  await page.evaluate(async () => {
    for (let y = 0; y < document.documentElement.scrollHeight; y += innerHeight) {
      scrollTo(0, y);
      // A page behind others may get no frames
      await new Promise((done) => {
        requestAnimationFrame(() => requestAnimationFrame(done));
        setTimeout(done, 100);
      });
    }
  });
  await page.waitForLoadState('networkidle');
  return weight();
}

function fileFor(path: string): string | undefined {
  const file = join(dist, path.endsWith('/') ? `${path}index.html` : path);
  return existsSync(file) ? file : undefined;
}

function inlineScriptBytes(html: string): number {
  const scripts = [...html.matchAll(/<script\b(?![^>]*\bsrc=)(?![^>]*json)[^>]*>([^]*?)<\/script>/g)];
  const text = scripts.map(([, code]) => code).join('\n');
  return text === '' ? 0 : gzipSync(text, { level: 9 }).byteLength;
}
