/** Where the built site lies, which pages it has, and which Chromium reads it: shared by the browser tests and the bench. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folder of the built site (THAW_DIST names another). The tests never build it; `npm test` does so before it starts them. */
export const dist = process.env.THAW_DIST ?? fileURLToPath(new URL('../../dist/', import.meta.url));

/** A page of the built site. */
export interface BuiltPage {
  /** Address below the site's base, e.g. `/course/idea/`. */
  path: string;
  /** The HTML file. */
  file: string;
  html: string;
}

/** Every page that the build wrote, redirects left out, in the order of their addresses. */
export function builtPages(root = dist): BuiltPage[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.html'))
    .map((name) => join(root, name))
    .map((file) => ({ file, path: pathOf(relative(root, file)), html: readFileSync(file, 'utf8') }))
    .filter((page) => !/<meta[^>]+http-equiv="?refresh/i.test(page.html) && page.html.includes('</html>'))
    .sort((a, b) => a.path.localeCompare(b.path));
}

function pathOf(name: string): string {
  return `/${name.split(sep).join('/')}`.replace(/\/index\.html$/, '/');
}

/** Path of the first file that exists among the candidates, or undefined. */
export function firstExisting(...candidates: (string | undefined)[]): string | undefined {
  return candidates.find((path) => path !== undefined && path !== '' && existsSync(path));
}

/** Path of a Chromium on this machine: CHROMIUM_PATH first, then the usual places. */
export function chromiumPath(): string {
  const found = firstExisting(
    process.env.CHROMIUM_PATH,
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome-stable',
    '/usr/bin/google-chrome',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  );
  assert.ok(found, 'no Chromium found: install one (Debian: apt-get install chromium) or set CHROMIUM_PATH');
  return found;
}

/** Flags with which Chromium computes WebGPU on the processor: slow, but the same kernels through the same path as on a graphics card. */
export const webgpuFlags = [
  '--enable-unsafe-webgpu',
  '--enable-features=Vulkan,WebGPU',
  '--use-webgpu-adapter=swiftshader',
  '--use-angle=swiftshader',
];
