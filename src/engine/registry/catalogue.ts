import { ThawError } from '../errors.ts';
import { parseAnyManifest, type AnyManifest } from './manifest.ts';

/** A file that the build made, with a content hash in its name. */
export interface PackedFile {
  /** Relative to the site's base. */
  path: string;
  sizeBytes: number;
  sha256: string;
  /** For a gzipped file: what it unpacks to. Some hosts unpack it on the way. */
  unpacked?: { sizeBytes: number; sha256: string };
}

/** The runtime's builds that the site ships: `public/generated/ort/index.json`. */
export interface RuntimeAssets {
  /** Version of onnxruntime-web. */
  version: string;
  builds: Record<'wasm' | 'jspi' | 'asyncify', { wasm: PackedFile; glue: PackedFile }>;
}

/** Everything the runtime must know before it fetches anything; the build writes it beside the page. */
export interface Catalogue {
  runtime: RuntimeAssets;
  models: {
    manifestPath: string;
    manifest: AnyManifest;
    /** The manifest's weights, gzipped, where the build has made that file. */
    packedWeights?: PackedFile;
  }[];
}

/** Fetches a catalogue. Throws ThawError 'network-lost' if it does not come, 'bad-manifest' if it is none. */
export async function fetchCatalogue(address: string): Promise<Catalogue> {
  const lost = (details: Record<string, string | number>, cause?: unknown) =>
    new ThawError(
      {
        code: 'network-lost',
        message: 'The list of files that the network needs could not be fetched.',
        advice: 'Look at the connection and try again.',
        details: { address, ...details },
      },
      { cause },
    );
  let answer: Response;
  try {
    answer = await fetch(address);
  } catch (error) {
    throw lost({}, error);
  }
  if (!answer.ok) throw lost({ status: answer.status });
  return parseCatalogue(await answer.json());
}

/** The catalogue in a parsed JSON value, its manifests validated. */
export function parseCatalogue(value: unknown): Catalogue {
  const { runtime, models } = value as Partial<Catalogue>;
  if (!runtime?.builds || !Array.isArray(models))
    throw new ThawError({
      code: 'bad-manifest',
      message: 'The site does not say which files its networks need.',
      advice: 'Build the site again: npm run build.',
    });
  return {
    runtime,
    models: models.map((model) => ({
      ...model,
      manifest: parseAnyManifest(model.manifest, model.manifestPath),
    })),
  };
}

/** The entry of this model; throws a ThawError 'unknown-model' that lists the known ones. */
export function findModel(catalogue: Pick<Catalogue, 'models'>, id: string): Catalogue['models'][number] {
  const found = catalogue.models.find((model) => model.manifest.id === id);
  if (found) return found;
  const known = catalogue.models.map((model) => model.manifest.id).join(', ') || 'none';
  throw new ThawError({
    code: 'unknown-model',
    message: `There is no network called "${id}"; known here: ${known}.`,
    advice: 'Add it to src/engine/registry/models.ts or correct the name.',
    details: { id },
  });
}
