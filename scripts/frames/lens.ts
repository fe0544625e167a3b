/** The first frame of the lens: the network's answer to one picture. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { readCatalogue } from '../../src/engine/registry/read-catalogue.ts';
import { createNodeRuntime } from '../../src/engine/runtime/node.ts';
import { faceOf, packStack, type LensFrame, type PackedStack } from '../../src/figures/resnet-lens/frame.ts';
import { describeNetwork } from '../../src/labs/describe-network.ts';
import { runLens, type LensAnswer, type Picture } from '../../src/labs/resnet-lens.ts';
import type { FrameMaker } from './frame-maker.ts';

const modelId = 'resnet-mixed';

/** The picture and the block that stand in the first frame; chosen in the gallery, see scripts/sprites/gallery.ts. */
const shown = { concept: 'fox', block: '2.1' };

export const lensFrame: FrameMaker = {
  target: 'src/figures/resnet-lens/frame.json',
  make: makeLensFrame,
  isCurrent: async (committed) => isSame(committed as LensFrame, await makeLensFrame()),
};

async function makeLensFrame(): Promise<LensFrame> {
  const { models } = await readCatalogue([modelId]);
  const [entry] = models;
  if (!entry) throw new Error(`The registry has no ${modelId}.`);
  const { manifest, manifestPath } = entry;
  const file = readFileSync(join('public', dirname(manifestPath), manifest.files.weights.path));
  const network = describeNetwork(file, modelId, manifest.title);
  const { picture, pixels } = await readGalleryPicture(shown.concept);
  const runtime = createNodeRuntime(models);
  let answer: LensAnswer | undefined;
  for await (const step of runLens(runtime, { network, picture: pixels })) {
    if (step.kind === 'answer') answer = step.answer;
  }
  const open = answer?.stacks[shown.block];
  if (!answer || !open) throw new Error(`The run gave nothing for block ${shown.block}.`);
  const faces: Record<string, PackedStack> = {};
  for (const [id, face] of Object.entries(answer.faces))
    if (id !== shown.block) faces[id] = packStack(faceOf(face));
  return {
    madeBy: 'npm run frames',
    weights: manifest.files.weights.sha256,
    network,
    picture,
    top: answer.top.map(({ name, probability }) => ({
      name,
      probability: Number(probability.toPrecision(4)),
    })),
    open: { block: shown.block, stack: packStack(open) },
    faces,
  };
}

/** One tile of the gallery's sheet as RGBA, decoded as the browser decodes it. */
async function readGalleryPicture(
  concept: string,
): Promise<{ picture: { concept: string; style: string }; pixels: Picture }> {
  const { columns, tileSizePx, gallery } = JSON.parse(
    readFileSync('public/sprites/gallery.json', 'utf8'),
  ) as {
    columns: number;
    tileSizePx: number;
    gallery: { sheet: { file: string }; pictures: { concept: string; style: string }[] };
  };
  const index = gallery.pictures.findIndex((candidate) => candidate.concept === concept);
  const picture = gallery.pictures[index];
  if (!picture) throw new Error(`The gallery has no ${concept}.`);
  const data = await sharp(`public/sprites/${gallery.sheet.file}`)
    .extract({
      left: (index % columns) * tileSizePx,
      top: Math.floor(index / columns) * tileSizePx,
      width: tileSizePx,
      height: tileSizePx,
    })
    .ensureAlpha()
    .raw()
    .toBuffer();
  return { picture, pixels: { width: tileSizePx, height: tileSizePx, data: new Uint8ClampedArray(data) } };
}

/** Frames are equal if everything is, but for the last digits of probabilities and one step of an 8-bit value. */
function isSame(a: LensFrame, b: LensFrame): boolean {
  const plain = ({ weights, network, picture, top }: LensFrame) =>
    JSON.stringify({ weights, network, picture, names: top.map(({ name }) => name) });
  const isNear = a.top.every(
    ({ probability }, i) => Math.abs((probability ?? 0) - (b.top[i]?.probability ?? 0)) < 1e-3,
  );
  return plain(a) === plain(b) && isNear && isNearStack(a.open.stack, b.open.stack);
}

function isNearStack(a: PackedStack, b: PackedStack): boolean {
  const [bytesA, bytesB] = [Buffer.from(a.data, 'base64'), Buffer.from(b.data, 'base64')];
  return bytesA.length === bytesB.length && bytesA.every((byte, i) => Math.abs(byte - (bytesB[i] ?? 0)) <= 1);
}
