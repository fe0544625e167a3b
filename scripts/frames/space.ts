/** The first frame of the feature space: six things in the space of every bundled ResNet, and in that of random weights. */
import { isDeepStrictEqual } from 'node:util';
import { MODELS } from '../../src/engine/registry/models.ts';
import { randomSource, shortMap, type SpaceFrame } from '../../src/figures/feature-space/frame.ts';
import { describeNetwork } from '../../src/labs/describe-network.ts';
import {
  drawSpacePictures,
  embedDrawings,
  mapEmbedding,
  type SpaceMap,
} from '../../src/labs/feature-space/space.ts';
import { readNetwork, readSheet } from './drawings.ts';
import type { FrameMaker } from './frame-maker.ts';

/** The seed of the six things in the first frame, and that of the random weights. */
const [seed, weightSeed] = [1, 1];

export const spaceFrame: FrameMaker = {
  target: 'src/figures/feature-space/frame.json',
  make: makeFrame,
  isCurrent: async (committed) => isSame(committed as SpaceFrame, await makeFrame()),
};

async function makeFrame(): Promise<SpaceFrame> {
  const ids = MODELS.map(({ id }) => id).filter((id) => id.startsWith('resnet-'));
  const sheet = await readSheet();
  const pictures = drawSpacePictures(sheet.index, seed);
  const weights: Record<string, string> = {};
  const values: Record<string, string> = {};
  const maps: Record<string, SpaceMap> = {};
  for (const id of [...ids, randomSource]) {
    const network = id === randomSource ? ids[0] : id;
    const { file, sha256, runtime } = await readNetwork(network);
    const pool = describeNetwork(file, network, network).blocks.find(({ kind }) => kind === 'pool');
    if (!pool) throw new Error(`${network} has no pooled features.`);
    weights[network] = sha256;
    values[network] = pool.output;
    const model = await runtime.load(network, {
      values: [pool.output],
      ...(id === randomSource && { weightSeed }),
    });
    maps[id] = shortMap(
      mapEmbedding(await embedDrawings(model, pool.output, sheet, pictures.drawings), pictures),
    );
    await model.dispose();
  }
  return {
    madeBy: 'npm run frames',
    weights,
    values,
    seed,
    things: pictures.things,
    drawings: pictures.drawings.map(({ concept, style }) => ({ concept, style })),
    firstAsked: pictures.firstAsked,
    maps,
  };
}

/** Equal but for the last digits of coordinates. */
function isSame({ maps: a, ...old }: SpaceFrame, { maps: b, ...now }: SpaceFrame): boolean {
  const isNear = (one: SpaceMap, other: SpaceMap) =>
    one.accuracy.correct === other.accuracy.correct &&
    one.points.every((point, at) => point.every((x, axis) => Math.abs(x - other.points[at][axis]) < 0.01));
  const names = Object.keys(a);
  return (
    isDeepStrictEqual(old, now) &&
    isDeepStrictEqual(names, Object.keys(b)) &&
    names.every((name) => isNear(a[name], b[name]))
  );
}
