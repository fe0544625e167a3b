/** The models that the site ships: their manifests, read once a build. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { formatBytes } from '../../figures/kit/format.ts';
import { parseAnyManifest, type AnyManifest } from '../../engine/registry/manifest.ts';
import { unknownName } from '../content/mistake.ts';
import { placeOf, type RenderedPage } from '../content/page-source.ts';

const FOLDER = 'public/models';

let known: { stamp: string; manifests: AnyManifest[] } | undefined;

/** Returns the manifests of all models in public/models, in the order of their ids. */
export function listManifests(folder = FOLDER): AnyManifest[] {
  const files = existsSync(folder)
    ? readdirSync(folder)
        .toSorted()
        .map((id) => join(folder, id, 'manifest.json'))
        .filter((file) => existsSync(file))
    : [];
  const stamp = files.map((file) => `${file}:${statSync(file).mtimeMs}`).join();
  if (known?.stamp !== stamp)
    known = {
      stamp,
      manifests: files.map((file) => parseAnyManifest(JSON.parse(readFileSync(file, 'utf8')), file)),
    };
  return known.manifests;
}

/**
 * Returns the models of a page with the bytes that running them downloads: "resnet-mixed, 2.9 MB".
 * An id that no manifest has stops the build; while there is no manifest at all the ids stand alone.
 */
export function describeModels(ids: readonly string[], page: RenderedPage): string {
  const manifests = listManifests();
  return ids
    .map((id) => {
      const manifest = manifests.find((model) => model.id === id);
      if (manifest) return `${id}, ${formatBytes(manifest.files.weights.sizeBytes)}`;
      if (manifests.length === 0) return id;
      throw unknownName({
        what: 'model',
        written: id,
        tag: `models: [${ids.join(', ')}]`,
        known: manifests.map((model) => model.id),
        where: { file: placeOf(page, () => false).file },
        advice: `To add it, run its recipe in training/, which writes public/models/${id}/manifest.json.`,
      });
    })
    .join('; ');
}
