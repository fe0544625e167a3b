/**
 * Last build step: gives every page its content policy, drops the formula style sheet from pages without a formula,
 * fills the policy into `_headers`, and refuses files that static hosts refuse. Goes last in the list of integrations,
 * because whatever changes a page afterwards would change its hashes.
 */
import { glob, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import { FULL_SIZE_MODELS } from '../../engine/registry/models.ts';
import { FORMULA_STYLE_MARK } from '../fonts/head.ts';
import { addPolicy, writeHeaderPolicy } from './policy.ts';

export interface PolicyOptions {
  /** Hosts that pages may fetch from besides their own, as the registry of models names them. */
  hosts: readonly string[];
}

const MIRRORED = FULL_SIZE_MODELS.map(({ manifestPath }) => `${dirname(manifestPath)}/`);
/** Several static hosts refuse larger files. */
const LARGEST_FILE_BYTES = 25 * 1024 * 1024;
const FORMULA_STYLE = new RegExp(`<link[^>]*\\s${FORMULA_STYLE_MARK}(?:="")?[^>]*>`);

/** Writes the content policy into the built pages; see the head of this file. */
export function contentPolicy({ hosts }: PolicyOptions): AstroIntegration {
  return {
    name: 'thaw-policy',
    hooks: {
      'astro:build:done': async ({ dir, logger }) => {
        const root = fileURLToPath(dir);
        let pages = 0;
        for await (const page of glob('**/*.html', { cwd: root })) {
          const html = await readFile(join(root, page), 'utf8');
          // A redirect that Astro writes is no page: it has neither script nor style
          if (!/<meta charset/i.test(html) && /http-equiv="refresh"/i.test(html)) continue;
          await writeFile(join(root, page), addPolicy(dropUnusedStyle(html), hosts, page));
          pages++;
        }
        await fillHeaders(join(root, '_headers'), hosts);
        await refuseLargeFiles(root);
        logger.info(`content policy on ${String(pages)} pages`);
      },
    },
  };
}

/** Returns the page without the style sheet for formulas if it prints none. */
export function dropUnusedStyle(html: string): string {
  return /class="katex\b/.test(html) ? html : html.replace(FORMULA_STYLE, '');
}

async function fillHeaders(file: string, hosts: readonly string[]): Promise<void> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text !== undefined)
    await writeFile(file, text.replaceAll('{content-policy}', writeHeaderPolicy(hosts)));
}

async function refuseLargeFiles(root: string): Promise<void> {
  for await (const name of glob('**/*', { cwd: root })) {
    const { size } = await stat(join(root, name));
    // The deployer mirrored these, and was told their sizes
    if (size > LARGEST_FILE_BYTES && !MIRRORED.some((folder) => name.startsWith(folder)))
      throw new Error(
        `${name} has ${String(size)} bytes; static hosts refuse files over 25 MiB. Split or compress it.`,
      );
  }
}
