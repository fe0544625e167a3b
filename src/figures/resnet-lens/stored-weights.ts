/** A network's ONNX file as this browser stored it. */
import { createCacheStore } from '../../engine/download/cache-store.ts';
import { unpackGzip } from '../../engine/download/gzip.ts';
import type { Catalogue } from '../../engine/registry/catalogue.ts';

/** The bytes of a downloaded network's file; undefined if they are not stored. */
export async function storedWeights({
  manifest,
  packedWeights,
}: Catalogue['models'][number]): Promise<Uint8Array | undefined> {
  const { sha256 } = packedWeights ?? manifest.files.weights;
  const root = new URL(import.meta.env.BASE_URL.replace(/\/?$/, '/'), location.href).href;
  const store = createCacheStore('caches' in globalThis ? globalThis.caches : undefined, root);
  const file = await store.read({ label: `weights ${manifest.id}`, sha256 });
  return file && unpackGzip(file);
}
