/** Where a network's own file lies, for a program that reads it outside of the page. */
import { fetchCatalogue, findModel } from '../../engine/registry/catalogue.ts';
import { pictureManifest } from '../../engine/registry/manifest.ts';
import type { NetworkPlace } from './data.ts';

/** The manifest of a network of pictures, and the full address of its file. */
export async function findFile({ id, catalogue }: NetworkPlace) {
  const { manifestPath, manifest } = findModel(await fetchCatalogue(catalogue), id);
  const folder = new URL(manifestPath, new URL(import.meta.env.BASE_URL, location.href));
  return { manifest: pictureManifest(manifest), address: new URL(manifest.files.weights.path, folder).href };
}
