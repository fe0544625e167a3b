/** What pressing "Run this network" fetches, known at build time from the manifest and the shipped runtime builds. */
import { createHash } from 'node:crypto';
import { readCatalogue } from '../../engine/registry/read-catalogue.ts';
import type { Catalogue } from '../../engine/registry/catalogue.ts';
import { address } from '../../site/content/address.ts';

export interface Download {
  /** Where the network's Catalogue lies, with the hash of its content behind it, so that none is read from an old cache. */
  catalogue: string;
  /** Bytes over the wire: runtime, weights and labels, for each build of the runtime. */
  sizes: { wasm: number; jspi: number; asyncify: number };
}

/** Where the catalogue of one network lies, and the bytes that a first run fetches. */
export async function readDownload(modelId: string): Promise<Download> {
  const catalogue = await readCatalogue([modelId]);
  const [entry] = catalogue.models;
  if (!entry) throw new Error(`The registry has no ${modelId}.`);
  const { weights, ...others } = entry.manifest.files;
  const model = [entry.packedWeights ?? weights, ...Object.values(others)].reduce(
    (sum, file) => sum + file.sizeBytes,
    0,
  );
  const { wasm, jspi, asyncify } = catalogue.runtime.builds;
  const sizeOf = (build: typeof wasm) => build.wasm.sizeBytes + build.glue.sizeBytes + model;
  return {
    catalogue: address(`catalogue/${modelId}.json?${hashOf(textOf(catalogue))}`),
    sizes: { wasm: sizeOf(wasm), jspi: sizeOf(jspi), asyncify: sizeOf(asyncify) },
  };
}

/** The content of the file that `readDownload` points to: a Catalogue of one network as JSON. */
export async function catalogueText(modelId: string): Promise<string> {
  return textOf(await readCatalogue([modelId]));
}

function textOf(catalogue: Catalogue): string {
  return JSON.stringify(catalogue);
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}
