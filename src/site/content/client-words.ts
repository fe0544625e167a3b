/**
 * Pages that carry a figure or the search fetch only the words that scripts print. The build alone prints the others: chrome, landing page,
 * reference pages, diagrams. A word is kept if a script names its area, which is what stands before the first dot of its key.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Folders whose scripts run in the page; diagrams are drawn at build time only. */
const IN_THE_PAGE = [
  'src/figures',
  'src/site/search',
  'src/site/isolation',
  'src/site/chrome',
  'src/site/prose',
  'src/labs',
  'src/engine',
];
const BUILD_ONLY = /src\/figures\/diagrams\//;

interface VitePlugin {
  name: string;
  enforce: 'pre';
  applyToEnvironment: (environment: { name: string }) => boolean;
  transform: (code: string, id: string) => string | undefined;
}

/** Vite plugin: leaves in src/site/strings.ts, as browsers get it, only the areas that scripts of the page ask for. */
export function keepClientWords(): VitePlugin {
  return {
    name: 'thaw-client-words',
    enforce: 'pre',
    applyToEnvironment: (environment) => environment.name === 'client',
    transform: (code, id) =>
      /\/src\/site\/strings\.ts$/.test(id) ? pruneWords(code, listAreas()) : undefined,
  };
}

/** Returns the table's source without the words of other areas. Reads one entry as: key, colon, a string on the same or the next line. */
export function pruneWords(source: string, areas: ReadonlySet<string>): string {
  return source.replace(
    /^ {2}'([\w-]+)\.[\w.-]+':\s*(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"),\n/gm,
    (entry, area: string) => (areas.has(area) ? entry : ''),
  );
}

/** Returns the areas whose words scripts of the page print: `t('lens.…')`, `` t(`state.${…}`) ``. */
export function areasIn(source: string): string[] {
  return [...source.matchAll(/['"`]([a-z][\w-]*)\.[\w$.{-]/g)].map(([, area = '']) => area);
}

function listAreas(): Set<string> {
  const files = IN_THE_PAGE.flatMap((folder) => {
    try {
      return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
    } catch {
      return [];
    }
  }).filter((file) => file.endsWith('.ts') && !BUILD_ONLY.test(file.replaceAll('\\', '/')));
  return new Set(files.flatMap((file) => areasIn(readFileSync(file, 'utf8'))));
}
