/** The networks that a lens may open: their catalogues, fetched when they are first asked for, and what their files say. */
import { fetchCatalogue, findModel, type Catalogue } from '../../engine/registry/catalogue.ts';
import { sharedRuntime } from '../../engine/runtime/browser.ts';
import type { Runtime } from '../../engine/runtime/types.ts';
import { describeNetwork } from '../../labs/describe-network.ts';
import type { NetworkDescription } from '../../labs/network-description.ts';
import type { LensData } from './data.ts';
import { storedWeights } from './stored-weights.ts';

/** A network of the registry, and the runtime that can load it. */
export interface OpenNetwork {
  entry: Catalogue['models'][number];
  runtime: Runtime;
}

/** Opens the networks of a figure by their ids. Rejects with a ThawError while the catalogue cannot be fetched; the next call tries again. */
export function openNetworks({ download, published = [] }: LensData): (id: string) => Promise<OpenNetwork> {
  const opened = new Map<string, Promise<OpenNetwork>>();
  return (id) => {
    const known = opened.get(id);
    if (known) return known;
    const address = published.find((one) => one.outline.id === id)?.catalogue ?? download.catalogue;
    const opening = fetchCatalogue(address).then((catalogue) => ({
      entry: findModel(catalogue, id),
      runtime: sharedRuntime(catalogue, import.meta.env.BASE_URL),
    }));
    opened.set(id, opening);
    opening.catch(() => opened.delete(id));
    return opening;
  };
}

/**
 * What the file that has arrived says, should it say more than what is drawn: a network known from its manifest only, or
 * another version than the build read. Undefined where nothing changes or the browser stores no files.
 */
export async function readArrived(
  entry: OpenNetwork['entry'],
  drawn: NetworkDescription,
  frame: LensData['frame'],
): Promise<NetworkDescription | undefined> {
  const { id, title, files } = entry.manifest;
  const isDrawn = id === frame.network.id ? files.weights.sha256 === frame.weights : !drawn.isOutline;
  if (isDrawn) return undefined;
  const file = await storedWeights(entry);
  return file && describeNetwork(file, id, title);
}
