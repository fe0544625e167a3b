/** Reads, at build time, what the networks of the course have side by side: the registry's, published ones, and graphs without weights. */
import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { measureCost } from '../../engine/onnx/cost.ts';
import { readModel } from '../../engine/onnx/reader.ts';
import { inferShapes } from '../../engine/onnx/shapes.ts';
import type { Catalogue } from '../../engine/registry/catalogue.ts';
import { isTextManifest, type AnyManifest } from '../../engine/registry/manifest.ts';
import { FULL_SIZE_MODELS, MODELS } from '../../engine/registry/models.ts';
import { readCatalogue } from '../../engine/registry/read-catalogue.ts';
import type { SideBySide, SideNetwork } from '../../labs/side-by-side.ts';
import { readDownload } from '../kit/download-size.ts';

/** Well-known networks as PyTorch exports them, without their weights; the tests count in the same files. */
const graphs = [
  { id: 'vgg16', takes: 'pictures' },
  { id: 'inception-v3', takes: 'pictures' },
  { id: 'bert-base', takes: 'text' },
  { id: 'gpt2', takes: 'text' },
] as const;
/** How long a text counts in their costs. */
const graphPieces = 128;

/** The table's content; `catalogueOf` gives the address of a network's catalogue. */
export async function readSideBySide(
  catalogueOf = async (id: string) => (await readDownload(id)).catalogue,
): Promise<SideBySide> {
  const { models, runtime } = await readCatalogue(MODELS.map(({ id }) => id));
  const published = await readCatalogue(FULL_SIZE_MODELS.map(({ id }) => id));
  const here = await Promise.all(
    models.map(async ({ manifest }) => ({
      ...describe(manifest, 'here'),
      catalogue: await catalogueOf(manifest.id),
    })),
  );
  const { wasm, glue } = runtime.builds.wasm;
  return {
    networks: [
      ...here,
      ...published.models.map(({ manifest }) => describe(manifest, 'published')),
      ...(await Promise.all(graphs.map(countGraph))),
    ],
    downloadBytes: models.reduce((sum, model) => sum + bytesOf(model), wasm.sizeBytes + glue.sizeBytes),
  };
}

function describe(manifest: AnyManifest, weights: 'here' | 'published'): SideNetwork {
  const { id, files, parameters, macs, measured } = manifest;
  const [first] = measured;
  return {
    id,
    takes: isTextManifest(manifest) ? 'text' : 'pictures',
    weights,
    sizeBytes: files.weights.sizeBytes,
    parameters,
    macs,
    ...(isTextManifest(manifest) && { pieces: manifest.input.longest }),
    ...(first && {
      accuracy: { name: first.name, value: first.value, unit: first.unit, split: first.split },
    }),
  };
}

function bytesOf({ manifest, packedWeights }: Catalogue['models'][number]): number {
  const { weights, ...others } = manifest.files;
  return [packedWeights ?? weights, ...Object.values(others)].reduce(
    (sum, { sizeBytes }) => sum + sizeBytes,
    0,
  );
}

async function countGraph({ id, takes }: (typeof graphs)[number]): Promise<SideNetwork> {
  const file = gunzipSync(await readFile(`tests/fixtures/reference/${id}.onnx.gz`));
  const model = readModel(new Uint8Array(file));
  const batch = model.graph.inputs[0]?.dims?.[0];
  const { total } = measureCost(model, inferShapes(model), (name) => (name === batch ? 1 : graphPieces));
  const { parameters, macs } = total;
  return { id, takes, weights: 'none', parameters, macs, ...(takes === 'text' && { pieces: graphPieces }) };
}
