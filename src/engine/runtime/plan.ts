import type { ByteStore } from '../download/byte-store.ts';
import type { RemoteFile } from '../download/download.ts';
import type { Catalogue, PackedFile, RuntimeAssets } from '../registry/catalogue.ts';
import type { BackendChoice } from './backend.ts';
import type { BuildRequest } from './protocol.ts';
import type { DownloadPart, DownloadPlan } from './types.ts';

/** The files that a model needs under a choice of backend, by the part they play. */
export interface NeededFiles {
  runtime: RemoteFile;
  weights: RemoteFile;
  labels: RemoteFile;
}

/** Names the files of a model with absolute addresses. `siteRoot` ends with a slash. */
export function neededFiles(
  catalogue: Catalogue,
  { manifestPath, manifest, packedWeights }: Catalogue['models'][number],
  build: BackendChoice['build'],
  siteRoot: string,
): NeededFiles {
  const manifestUrl = new URL(manifestPath, siteRoot);
  const remote = (part: 'weights' | 'labels'): RemoteFile => {
    const { path, sizeBytes, sha256 } = manifest.files[part];
    const url = new URL(path, manifestUrl);
    // Our own files keep their names when they change, so the address says which version is meant.
    if (url.origin === manifestUrl.origin) url.searchParams.set('v', sha256.slice(0, 12));
    return { label: `${part} ${manifest.id}`, url: url.href, sizeBytes, sha256 };
  };
  return {
    runtime: runtimeFile(catalogue.runtime, build, siteRoot),
    weights: packedWeights ? builtFile(`weights ${manifest.id}`, packedWeights, siteRoot) : remote('weights'),
    labels: remote('labels'),
  };
}

function builtFile(
  label: string,
  { path, sizeBytes, sha256, unpacked }: PackedFile,
  siteRoot: string,
): RemoteFile {
  const url = new URL(path, siteRoot).href;
  return { label, url, sizeBytes, sha256, ...(unpacked && { unpacked }) };
}

/** The module of a build of the runtime. `siteRoot` ends with a slash. */
export function runtimeFile(
  { builds }: RuntimeAssets,
  build: BackendChoice['build'],
  siteRoot: string,
): RemoteFile {
  return builtFile(`runtime ${build}`, builds[build].wasm, siteRoot);
}

/** The build to start, as the worker wants to hear it. */
export function buildRequest(
  catalogue: Pick<Catalogue, 'runtime'>,
  build: BackendChoice['build'],
  wasm: RemoteFile,
  siteRoot: string,
): BuildRequest {
  return { build, wasm, glueUrl: new URL(catalogue.runtime.builds[build].glue.path, siteRoot).href };
}

/** What is still to fetch of these files. `arrivedBytes`: bytes known to be here beyond what the store holds, by hash. */
export async function planFiles(
  files: NeededFiles,
  { backend, build }: BackendChoice,
  store: ByteStore,
  arrivedBytes: ReadonlyMap<string, number>,
): Promise<DownloadPlan> {
  const names: DownloadPart['name'][] = ['runtime', 'weights', 'labels'];
  const parts = await Promise.all(
    names.map(async (name): Promise<DownloadPart> => {
      const { url, sizeBytes, sha256 } = files[name];
      const known = Math.max(await store.size(files[name]), arrivedBytes.get(sha256) ?? 0);
      return { name, url, sizeBytes, sha256, storedBytes: Math.min(known, sizeBytes) };
    }),
  );
  const sum = (of: (part: DownloadPart) => number) => parts.reduce((total, part) => total + of(part), 0);
  const totalBytes = sum((part) => part.sizeBytes);
  return { parts, totalBytes, remainingBytes: totalBytes - sum((part) => part.storedBytes), backend, build };
}
