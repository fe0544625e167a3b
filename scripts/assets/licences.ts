/**
 * Collects the licences of everything by others that the built site ships. Writes two files into the assets' folder:
 *   licences.json              what the credits page prints
 *   third-party-licences.txt   the same with every full text, to travel with copies of the site
 */
import { existsSync } from 'node:fs';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export type CreditKind = 'fonts' | 'icons' | 'runtime' | 'packages';

/** One work by others. */
export interface Credit {
  kind: CreditKind;
  /** Name of the work as its authors write it. */
  title: string;
  /** npm package that it came in. */
  packageName: string;
  version: string;
  /** Authors. */
  by: string;
  /** SPDX identifier. */
  licence: string;
  /** Where the work is at home. */
  url?: string;
  /** Full text of the licence, where the package carries it or the licence is short. */
  text?: string;
}

interface Shipped {
  kind: CreditKind;
  packageName: string;
  title?: string;
  by: string;
  /** Where the package gives none. */
  url?: string;
}

/** What goes into pages. Packages that only build or test the site are not here. */
const SHIPPED: Shipped[] = [
  {
    kind: 'fonts',
    packageName: '@fontsource-variable/source-serif-4',
    title: 'Source Serif 4',
    by: 'Adobe, Frank Grießhammer',
    url: 'https://github.com/adobe-fonts/source-serif',
  },
  {
    kind: 'fonts',
    packageName: '@fontsource-variable/source-sans-3',
    title: 'Source Sans 3',
    by: 'Adobe, Paul D. Hunt',
    url: 'https://github.com/adobe-fonts/source-sans',
  },
  {
    kind: 'fonts',
    packageName: '@fontsource-variable/source-code-pro',
    title: 'Source Code Pro',
    by: 'Adobe, Paul D. Hunt, Teo Tuominen',
    url: 'https://github.com/adobe-fonts/source-code-pro',
  },
  {
    kind: 'fonts',
    packageName: 'katex',
    title: 'KaTeX and its fonts',
    by: 'Khan Academy and other contributors',
  },
  {
    kind: 'runtime',
    packageName: 'onnxruntime-web',
    title: 'ONNX Runtime Web',
    by: 'Microsoft Corporation',
    url: 'https://onnxruntime.ai',
  },
  { kind: 'packages', packageName: 'astro', title: 'Astro', by: 'Fred K. Schott and other contributors' },
  { kind: 'packages', packageName: '@astrojs/starlight', title: 'Starlight', by: 'Astro contributors' },
  { kind: 'packages', packageName: 'astro-expressive-code', title: 'Expressive Code', by: 'Tibor Schiemann' },
  { kind: 'packages', packageName: 'd3', title: 'D3', by: 'Mike Bostock' },
  { kind: 'packages', packageName: 'pagefind', title: 'Pagefind', by: 'CloudCannon' },
];

const ICON_FOLDER = 'node_modules/@iconify-json';

/** Writes the list and the texts into `outDir`. Throws if a package is missing or names no licence. */
export async function buildLicences(outDir: string): Promise<void> {
  const credits = [...(await Promise.all(SHIPPED.map(readPackage))), ...(await listIconSets())];
  await writeFile(join(outDir, 'licences.json'), JSON.stringify(credits, undefined, 1));
  await writeFile(
    join(outDir, 'third-party-licences.txt'),
    credits.map(writeOut).join(`\n${'─'.repeat(78)}\n\n`),
  );
}

async function readPackage({ kind, packageName, title = packageName, by, url }: Shipped): Promise<Credit> {
  const folder = join('node_modules', packageName);
  const about = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
    version: string;
    license?: string;
    homepage?: string;
    repository?: string | { url: string };
  };
  if (!about.license)
    throw new Error(
      `${folder}/package.json should name a licence. Find it out and say it in scripts/assets/licences.ts.`,
    );
  const repository = typeof about.repository === 'object' ? about.repository.url : about.repository;
  const home = url ?? about.homepage ?? repository?.replace(/^git\+|\.git$/g, '');
  const text = (await readLicenceFile(folder)) ?? (about.license === 'MIT' ? writeMit(by) : undefined);
  return {
    kind,
    title,
    packageName,
    version: about.version,
    by,
    licence: about.license,
    ...(home?.startsWith('http') ? { url: home } : {}),
    ...(text ? { text } : {}),
  };
}

async function listIconSets(): Promise<Credit[]> {
  if (!existsSync(ICON_FOLDER)) return [];
  const folders = (await readdir(ICON_FOLDER)).toSorted();
  return Promise.all(
    folders.map(async (id) => {
      const folder = join(ICON_FOLDER, id);
      const info = JSON.parse(await readFile(join(folder, 'info.json'), 'utf8')) as {
        name: string;
        author: { name: string; url: string };
        license: { title: string; spdx?: string; url?: string };
      };
      const { version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
        version: string;
      };
      const licence = info.license.spdx ?? info.license.title;
      return {
        kind: 'icons' as const,
        title: info.name,
        packageName: `@iconify-json/${id}`,
        version,
        by: info.author.name,
        licence,
        url: info.author.url,
        text:
          licence === 'MIT'
            ? writeMit(info.author.name)
            : `${info.license.title}${info.license.url ? `\n${info.license.url}` : ''}`,
      };
    }),
  );
}

async function readLicenceFile(folder: string): Promise<string | undefined> {
  const files = await readdir(folder, { withFileTypes: true });
  const licence = files.find((file) => file.isFile() && /^licen[cs]e(\.(md|txt))?$/i.test(file.name));
  return licence && (await readFile(join(folder, licence.name), 'utf8')).trim();
}

/** The MIT licence, for packages that name it and leave the text out. */
function writeMit(holder: string): string {
  return `MIT License

Copyright (c) ${holder}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;
}

function writeOut({ title, packageName, version, by, licence, url, text }: Credit): string {
  const head = `${title} (${packageName} ${version})\nby ${by}${url ? `\n${url}` : ''}\n${licence}\n`;
  return text ? `${head}\n${text}\n` : head;
}
