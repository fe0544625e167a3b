/** The walks that the figure offers, read at build time from the registry and the files in public/models. */
import { MODELS } from '../../engine/registry/models.ts';
import { readModel } from '../../engine/onnx/reader.ts';
import { describeWalk } from '../../labs/shape-walk/describe-walk.ts';
import type { ShapeWalk } from '../../labs/shape-walk/shape-walk.ts';
import { readNetworkFile } from '../model-atlas/read-networks.ts';
import type { Offer } from './model.ts';

/** The walk through one network of the registry. Throws a RangeError that lists the known ones if there is none of this id. */
export async function readWalk(id: string, publicDir = 'public'): Promise<ShapeWalk> {
  const { manifest, file } = await readNetworkFile(id, publicDir);
  const { input, title } = manifest;
  const length = 'longest' in input ? { length: input.longest } : {};
  return describeWalk(readModel(file), { id, title, ...length });
}

/** All networks of the registry by id and title. */
export async function readOffers(publicDir = 'public'): Promise<Offer[]> {
  return Promise.all(
    MODELS.map(async ({ id }) => ({ id, title: (await readNetworkFile(id, publicDir)).manifest.title })),
  );
}
