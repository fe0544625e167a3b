import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Catalogue, PackedFile, RuntimeAssets } from './catalogue.ts';
import { parseManifest } from './manifest.ts';
import { MODELS } from './models.ts';

/**
 * The catalogue for these networks (default: all), read from the site's public folder. For the build and for scripts:
 * a page of the site carries it as JSON. Throws when the runtime's files have not been made yet.
 */
export async function readCatalogue(
  ids: readonly string[] = MODELS.map(({ id }) => id),
  publicDir = 'public',
): Promise<Catalogue> {
  const read = async (path: string) => JSON.parse(await readFile(join(publicDir, path), 'utf8')) as unknown;
  const runtime = (await read('generated/ort/index.json')) as RuntimeAssets;
  // Absent before the first build of the assets; the plain file serves as well
  const packed = (await read('generated/weights/index.json').catch(() => ({}))) as Partial<
    Record<string, PackedFile>
  >;
  const models = await Promise.all(
    MODELS.filter(({ id }) => ids.includes(id)).map(async ({ id, manifestPath }) => {
      const manifest = parseManifest(await read(manifestPath), manifestPath);
      const file = packed[id];
      const isCurrent = file?.unpacked?.sha256 === manifest.files.weights.sha256;
      return { manifestPath, manifest, ...(isCurrent && { packedWeights: file }) };
    }),
  );
  return { runtime, models };
}
