import type { ByteStore } from '../download/byte-store.ts';
import type { RemoteFile } from '../download/download.ts';
import type { Catalogue, PackedFile, RuntimeAssets } from '../registry/catalogue.ts';
import { isTextManifest } from '../registry/manifest.ts';
import type { ModelFile } from '../registry/model-facts.ts';
import type { BackendChoice } from './backend.ts';
import type { BuildRequest, LoadRequest } from './protocol.ts';
import type { DownloadPart, DownloadPlan } from './types.ts';

/** The files that a model needs under a choice of backend, by the part they play. */
export interface NeededFiles {
  runtime: RemoteFile;
  weights: RemoteFile;
  /** Of a network that tells classes apart. */
  labels?: RemoteFile;
  /** Of a language network. */
  vocabulary?: RemoteFile;
}

/** Names the files of a model with absolute addresses. `siteRoot` ends with a slash. */
export function neededFiles(
  catalogue: Catalogue,
  { manifestPath, manifest, packedWeights }: Catalogue['models'][number],
  build: BackendChoice['build'],
  siteRoot: string,
): NeededFiles {
  const manifestUrl = new URL(manifestPath, siteRoot);
  const remote = (
    part: DownloadPart['name'],
    { path, sizeBytes, sha256 }: ModelFile = manifest.files.weights,
  ): RemoteFile => {
    const url = new URL(path, manifestUrl);
    // Our own files keep their names when they change, so the address says which version is meant.
    if (url.origin === manifestUrl.origin) url.searchParams.set('v', sha256.slice(0, 12));
    return { label: `${part} ${manifest.id}`, url: url.href, sizeBytes, sha256 };
  };
  return {
    runtime: runtimeFile(catalogue.runtime, build, siteRoot),
    weights: packedWeights ? builtFile(`weights ${manifest.id}`, packedWeights, siteRoot) : remote('weights'),
    ...(manifest.files.labels && { labels: remote('labels', manifest.files.labels) }),
    ...(isTextManifest(manifest) && { vocabulary: remote('vocabulary', manifest.files.vocabulary) }),
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

/** The files of the model itself, without the runtime. */
export function modelFiles({ weights, labels, vocabulary }: NeededFiles): LoadRequest['files'] {
  return { weights, ...(labels && { labels }), ...(vocabulary && { vocabulary }) };
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

/** The files that this network needs, each with its part. */
export function filesByPart(files: NeededFiles): [part: DownloadPart['name'], file: RemoteFile][] {
  const names = ['runtime', 'weights', 'labels', 'vocabulary'] as const;
  return names.flatMap((name) => {
    const file = files[name];
    return file ? [[name, file] as [DownloadPart['name'], RemoteFile]] : [];
  });
}

/** What is still to fetch of these files. `arrivedBytes`: bytes known to be here beyond what the store holds, by hash. */
export async function planFiles(
  files: NeededFiles,
  { backend, build }: BackendChoice,
  store: ByteStore,
  arrivedBytes: ReadonlyMap<string, number>,
): Promise<DownloadPlan> {
  const parts = await Promise.all(
    filesByPart(files).map(async ([name, file]): Promise<DownloadPart> => {
      const { url, sizeBytes, sha256 } = file;
      const known = Math.max(await store.size(file), arrivedBytes.get(sha256) ?? 0);
      return { name, url, sizeBytes, sha256, storedBytes: Math.min(known, sizeBytes) };
    }),
  );
  const sum = (of: (part: DownloadPart) => number) => parts.reduce((total, part) => total + of(part), 0);
  const totalBytes = sum((part) => part.sizeBytes);
  return { parts, totalBytes, remainingBytes: totalBytes - sum((part) => part.storedBytes), backend, build };
}
