import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Catalogue, RuntimeAssets } from './catalogue.ts';
import { parseManifest } from './manifest.ts';
import { MODELS } from './models.ts';

/**
 * The catalogue for these networks (default: all), read from the site's public folder. For the build and for scripts:
 * a figure's shell writes it into the page as JSON. Throws when the runtime's files have not been made yet.
 */
export async function readCatalogue(
  ids: readonly string[] = MODELS.map(({ id }) => id),
  publicDir = 'public',
): Promise<Catalogue> {
  const read = async (path: string) => JSON.parse(await readFile(join(publicDir, path), 'utf8')) as unknown;
  const runtime = (await read('generated/ort/index.json')) as RuntimeAssets;
  const models = await Promise.all(
    MODELS.filter(({ id }) => ids.includes(id)).map(async ({ manifestPath }) => ({
      manifestPath,
      manifest: parseManifest(await read(manifestPath), manifestPath),
    })),
  );
  return { runtime, models };
}
