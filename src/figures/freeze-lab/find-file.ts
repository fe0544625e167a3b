/** Where a network's own files lie, for a program that reads them outside of the page. */
import { fetchCatalogue, findModel } from '../../engine/registry/catalogue.ts';
import type { NetworkPlace } from './data.ts';

/** The network's manifest, the full address of its file, and what gives the address of another of its files. */
export async function findFile({ id, catalogue }: NetworkPlace) {
  const { manifestPath, manifest } = findModel(await fetchCatalogue(catalogue), id);
  const folder = new URL(manifestPath, new URL(import.meta.env.BASE_URL, location.href));
  const addressOf = (path: string) => new URL(path, folder).href;
  return { manifest, address: addressOf(manifest.files.weights.path), addressOf };
}
