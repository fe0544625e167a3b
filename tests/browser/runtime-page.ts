/** A page with nothing but the runtime in it, built by Vite under the site's own content policy and settings. */
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { build } from 'vite';
import { serve } from '../../scripts/serve.ts';
import { registryHosts } from '../../src/engine/registry/models.ts';
import { readCatalogue } from '../../src/engine/registry/read-catalogue.ts';
import { writePolicy } from '../../src/site/policy/policy.ts';
import { launchChromium, shared } from './harness.ts';
import type { doors as pageDoors } from './runtime-page/main.ts';

declare global {
  /** What runtime-page/main.ts puts on the page's global scope. */
  var doors: typeof pageDoors;
}

const repository = fileURLToPath(new URL('../../', import.meta.url));
// Test files run side by side: each process has a folder of its own
const out = join(repository, `.cache/runtime-page-${process.pid}`);

/** The page's folder, made once per test file. */
async function buildPage(): Promise<string> {
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  await build({
    configFile: false,
    root: join(repository, 'tests/browser/runtime-page'),
    base: '/sub/',
    logLevel: 'error',
    publicDir: false,
    resolve: { conditions: ['onnxruntime-web-use-extern-wasm', 'module', 'browser', 'production'] },
    worker: { format: 'es' },
    build: {
      outDir: out,
      target: 'es2022',
      rollupOptions: {
        input: join(repository, 'tests/browser/runtime-page/main.ts'),
        output: { entryFileNames: 'main.js' },
      },
    },
  });
  await writeFile(
    join(out, '_headers'),
    '/*\n  Cross-Origin-Opener-Policy: same-origin\n  Cross-Origin-Embedder-Policy: require-corp\n',
  );
  for (const folder of ['generated', 'models', 'full-size'])
    await symlink(join(repository, 'public', folder), join(out, folder));
  return out;
}

/** Writes the page of this name, under the policy that allows these hosts. */
async function writePage(name: string, hosts: readonly string[]): Promise<void> {
  const page =
    '<!doctype html><html lang="en"><head><meta charset="utf-8">{policy}<title>Runtime</title><link rel="icon" href="data:,"></head><body><script type="module" src="main.js"></script></body></html>';
  const meta = `<meta http-equiv="content-security-policy" content="${writePolicy(page, hosts)}">`;
  await writeFile(join(out, name), page.replace('{policy}', meta));
}

let pages = 0;

export interface RuntimePage {
  page: Page;
  /** Paths that were requested, in order. */
  requests: string[];
  /** Console warnings and errors, page errors. */
  problems: string[];
  /** What a figure's shell would carry. */
  catalogue: unknown;
}

export interface RuntimePageOptions {
  /** Whether the host isolates the page, as needed for threads; default false. */
  headers?: boolean;
  webgpu?: boolean;
  /** Script that runs in the page before any of its own. */
  before?: () => void;
  /** Script that runs in the runtime's worker before any of its own; `life` is 1 in the first worker, then 2 … */
  inWorker?: string;
  /** The browser to use; default the one that this file's tests share. */
  open?: () => Promise<Browser>;
  /** Networks of the catalogue; default all bundled ones. */
  models?: readonly string[];
  /** Where full-size networks come from; default as the site's. */
  home?: string;
  /** Hosts that the policy allows; default those of the home. */
  hosts?: readonly string[];
}

/** Opens the page. */
export async function openRuntimePage(
  t: TestContext,
  {
    headers = false,
    webgpu = false,
    before,
    inWorker,
    open,
    models,
    home,
    hosts = registryHosts(home),
  }: RuntimePageOptions = {},
): Promise<RuntimePage> {
  await shared('runtime page', buildPage, (folder) => rm(folder, { recursive: true, force: true }));
  const [browser, site] = await Promise.all([
    open ? open() : launchChromium({ webgpu }),
    shared(
      `runtime ${headers}`,
      () => serve({ root: out, base: '/sub', headers }),
      (server) => server.close(),
    ),
  ]);
  const context = await browser.newContext();
  t.after(() => context.close());
  if (before) await context.addInitScript(before);
  // The worker begins as a blob that imports its module
  if (inWorker)
    await context.addInitScript((script) => {
      const Plain = Blob;
      let life = 0;
      globalThis.Blob = class extends Plain {
        constructor(parts: BlobPart[], options?: BlobPropertyBag) {
          super(
            options?.type === 'text/javascript' ? [`const life = ${(life += 1)};`, script, ...parts] : parts,
            options,
          );
        }
      } as typeof Blob;
    }, inWorker);
  const requests: string[] = [];
  const problems: string[] = [];
  context.on('request', (request) => requests.push(request.url().replace(site.url, '')));
  const page = await context.newPage();
  page.on('console', (message) => {
    if (['warning', 'error'].includes(message.type())) problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(error.message));
  const name = `page-${(pages += 1)}.html`;
  await writePage(name, hosts);
  await page.goto(site.url + name);
  await page.waitForFunction(() => 'doors' in globalThis);
  return {
    page,
    requests,
    problems,
    catalogue: await readCatalogue(models, join(repository, 'public'), home),
  };
}
