/** The networks that the atlas draws, read at build time from the registry and the files in public/models. */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseLabels } from '../../engine/registry/labels.ts';
import { isTextManifest, parseAnyManifest } from '../../engine/registry/manifest.ts';
import { MODELS } from '../../engine/registry/models.ts';
import type { AtlasNetwork, NetworkSource } from '../../labs/atlas-network.ts';
import { describeAtlas } from '../../labs/describe-atlas.ts';

/** A network of the registry as it lies in public/models. */
export interface NetworkFile {
  manifest: ReturnType<typeof parseAnyManifest>;
  /** Below the site's base. */
  folder: string;
  file: Uint8Array;
}

/** Reads one network of the registry. Throws a RangeError that lists the known ones if there is none of this id. */
export async function readNetworkFile(id: string, publicDir = 'public'): Promise<NetworkFile> {
  const entry = MODELS.find((model) => model.id === id);
  if (!entry)
    throw new RangeError(
      `There is no network "${id}" here; known: ${MODELS.map((model) => model.id).join(', ')}.`,
    );
  const { manifestPath } = entry;
  const text = await readFile(join(publicDir, manifestPath), 'utf8');
  const manifest = parseAnyManifest(JSON.parse(text), manifestPath);
  const folder = dirname(manifestPath);
  return { manifest, folder, file: await readFile(join(publicDir, folder, manifest.files.weights.path)) };
}

/** Describes one network of the registry. Throws a RangeError that lists the known ones if there is none of this id. */
export async function readAtlasNetwork(id: string, publicDir = 'public'): Promise<AtlasNetwork> {
  const { manifest, folder, file } = await readNetworkFile(id, publicDir);
  const { title, input } = manifest;
  const network = describeAtlas(file, { id, title, ...('longest' in input && { length: input.longest }) });
  const source: NetworkSource = {
    path: `${folder}/${manifest.files.weights.path}`,
    sizeBytes: manifest.files.weights.sizeBytes,
    classes: [],
  };
  if (isTextManifest(manifest)) {
    // The vocabulary may lie beside another network's manifest
    const vocabulary = join(folder, manifest.files.vocabulary.path);
    return { ...network, source: { ...source, text: { input: manifest.input, vocabulary } } };
  }
  const labels = await readFile(join(publicDir, folder, manifest.files.labels.path));
  const classes = parseLabels(labels, manifest).map(({ name }) => name);
  return { ...network, source: { ...source, picture: manifest.input, classes } };
}
