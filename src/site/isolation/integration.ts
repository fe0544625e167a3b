/** Build step: writes the service worker into the built site, with a version that follows from the pages' content. */
import { createHash } from 'node:crypto';
import { glob, readFile, writeFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';

/** Writes `isolation.js` beside the first page of the built site. */
export function isolationWorker(): AstroIntegration {
  return {
    name: 'thaw-isolation',
    hooks: {
      'astro:build:done': async ({ dir }) => {
        const root = fileURLToPath(dir);
        const pages: string[] = [];
        for await (const page of glob('**/*.html', { cwd: root })) pages.push(page);
        pages.sort();
        const sum = createHash('sha256');
        for (const page of pages) sum.update(page).update(await readFile(join(root, page)));
        const source = await readFile('src/site/isolation/worker.ts', 'utf8');
        await writeFile(join(root, 'isolation.js'), writeWorker(source, sum.digest('hex').slice(0, 16)));
      },
    },
  };
}

/** Returns the worker as plain script, given its TypeScript source. */
export function writeWorker(source: string, version: string): string {
  const script = stripTypeScriptTypes(source)
    .replace(/^export const VERSION/m, 'const VERSION')
    .replace('{version}', version);
  if (/^export\b|^import\b/m.test(script))
    throw new Error('The service worker should be one file without imports.');
  return script;
}
