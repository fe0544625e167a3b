import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Catalogue, PackedFile, RuntimeAssets } from './catalogue.ts';
import { parseAnyManifest, parseManifest, type Manifest } from './manifest.ts';
import { addressAt, FULL_SIZE_MODELS, MODELS, MODELS_HOME } from './models.ts';

/**
 * The catalogue for these networks (default: all bundled ones), read from the site's public folder. For the build and for scripts:
 * a page of the site carries it as JSON. Throws when the runtime's files have not been made yet.
 */
export async function readCatalogue(
  ids: readonly string[] = MODELS.map(({ id }) => id),
  publicDir = 'public',
  home = modelsHome(),
): Promise<Catalogue> {
  const read = async (path: string) => JSON.parse(await readFile(join(publicDir, path), 'utf8')) as unknown;
  const runtime = (await read('generated/ort/index.json')) as RuntimeAssets;
  // Absent before the first build of the assets; the plain file serves as well
  const packed = (await read('generated/weights/index.json').catch(() => ({}))) as Partial<
    Record<string, PackedFile>
  >;
  const models = await Promise.all(
    MODELS.filter(({ id }) => ids.includes(id)).map(async ({ id, manifestPath }) => {
      const manifest = parseAnyManifest(await read(manifestPath), manifestPath);
      const file = packed[id];
      const isCurrent = file?.unpacked?.sha256 === manifest.files.weights.sha256;
      return { manifestPath, manifest, ...(isCurrent && { packedWeights: file }) };
    }),
  );
  const fullSize = await Promise.all(
    FULL_SIZE_MODELS.filter(({ id }) => ids.includes(id)).map(async ({ manifestPath }) => {
      const manifest = parseManifest(await read(manifestPath), manifestPath);
      return { manifestPath, manifest: await locate(manifest, dirname(join(publicDir, manifestPath)), home) };
    }),
  );
  return { runtime, models: [...models, ...fullSize] };
}

/** Where full-size networks come from: MODELS_URL of the environment, else their public home. */
export function modelsHome(): string {
  return process.env['MODELS_URL'] || MODELS_HOME;
}

/** The manifest with the weights' full address, unless a mirrored copy of the right size lies in the folder. */
async function locate(manifest: Manifest, folder: string, home: string): Promise<Manifest> {
  const { weights } = manifest.files;
  const here = await stat(join(folder, weights.path)).catch(() => undefined);
  if (here?.size === weights.sizeBytes) return manifest;
  const path = addressAt(home, manifest.id, weights.path);
  return { ...manifest, files: { ...manifest.files, weights: { ...weights, path } } };
}
