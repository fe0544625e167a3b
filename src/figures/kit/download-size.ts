/** What pressing "Run this network" fetches, known at build time from the manifest and the shipped runtime builds. */
import { readCatalogue } from '../../engine/registry/read-catalogue.ts';
import type { Catalogue } from '../../engine/registry/catalogue.ts';

export interface Download {
  catalogue: Catalogue;
  /** Bytes over the wire: runtime, weights and labels, for each build of the runtime. */
  sizes: { wasm: number; jspi: number; asyncify: number };
}

/** The catalogue for one network, and the bytes that a first run fetches. */
export async function readDownload(modelId: string): Promise<Download> {
  const catalogue = await readCatalogue([modelId]);
  const [entry] = catalogue.models;
  if (!entry) throw new Error(`The registry has no ${modelId}.`);
  const { weights, labels } = entry.manifest.files;
  const model = (entry.packedWeights ?? weights).sizeBytes + labels.sizeBytes;
  const { wasm, jspi, asyncify } = catalogue.runtime.builds;
  const sizeOf = (build: typeof wasm) => build.wasm.sizeBytes + build.glue.sizeBytes + model;
  return { catalogue, sizes: { wasm: sizeOf(wasm), jspi: sizeOf(jspi), asyncify: sizeOf(asyncify) } };
}
