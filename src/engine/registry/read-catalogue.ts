import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Catalogue, PackedFile, RuntimeAssets } from './catalogue.ts';
import { isTextManifest, parseAnyManifest, type AnyManifest } from './manifest.ts';
import type { ModelFile } from './model-facts.ts';
import { addressOf, FULL_SIZE_MODELS, MODELS, MODELS_HOME, type RegistryEntry } from './models.ts';

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
    FULL_SIZE_MODELS.filter(({ id }) => ids.includes(id)).map(async (entry) => {
      const { manifestPath } = entry;
      const manifest = parseAnyManifest(await read(manifestPath), manifestPath);
      return {
        manifestPath,
        manifest: await locate(manifest, entry, dirname(join(publicDir, manifestPath)), home),
      };
    }),
  );
  return { runtime, models: [...models, ...fullSize] };
}

/** Where full-size networks come from: MODELS_URL of the environment, else their public home. */
export function modelsHome(): string {
  return process.env['MODELS_URL'] || MODELS_HOME;
}

/** The manifest with the full addresses of what comes from the home: files of which no copy of the right size lies in the folder. */
async function locate(
  manifest: AnyManifest,
  entry: RegistryEntry,
  folder: string,
  home: string,
): Promise<AnyManifest> {
  const at = async (file: ModelFile): Promise<ModelFile> => {
    const here = await stat(join(folder, file.path)).catch(() => undefined);
    return here?.size === file.sizeBytes ? file : { ...file, path: addressOf(entry, home, file.path) };
  };
  const weights = await at(manifest.files.weights);
  if (!isTextManifest(manifest)) return { ...manifest, files: { ...manifest.files, weights } };
  return {
    ...manifest,
    files: { ...manifest.files, weights, vocabulary: await at(manifest.files.vocabulary) },
  };
}
