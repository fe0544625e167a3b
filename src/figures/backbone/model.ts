/** The landing page's backbone: the network as one row, cut by a movable line into what stays and what moves. */
import type { BlockDescription, NetworkDescription } from '../../labs/network-description.ts';
import { unpackStack, type LensFrame } from '../resnet-lens/frame.ts';
import { faceOf } from '../resnet-lens/frame.ts';
import { placeIn, type FieldTable } from '../kit/url-state.ts';
import type { WeightState } from '../kit/glyph.ts';
import type { Gallery, RunState } from '../resnet-lens/run-state.ts';

export interface BackboneState extends RunState {
  /** Index of the lowest trainable block among those with weights. */
  cut: number;
}

export type SharedBackbone = Pick<BackboneState, 'picture' | 'cut'>;

/** Blocks with weights, in running order: the places where the thaw line can stand. */
export function weightyBlocks(network: NetworkDescription): BlockDescription[] {
  return network.blocks.filter((block) => block.parameters > 0);
}

/** The first frame: stage 4 and the head have thawed. */
export function firstBackbone(frame: LensFrame, gallery: Gallery, downloadBytes: number): BackboneState {
  const key = `${frame.picture.concept}.${frame.picture.style}`;
  const picture = gallery.pictures.findIndex(({ concept, style }) => `${concept}.${style}` === key);
  const packed = { ...frame.faces, [frame.open.block]: frame.open.stack };
  const faces = Object.fromEntries(
    Object.entries(packed).map(([id, stack]) => [id, faceOf(unpackStack(stack))]),
  );
  return {
    status: 'idle',
    network: frame.network,
    gallery,
    picture: Math.max(0, picture),
    backend: 'auto',
    result: { picture: key, top: frame.top, stacks: {}, faces, classNames: [] },
    isPrecomputed: true,
    downloadBytes,
    cut: Math.max(
      0,
      weightyBlocks(frame.network).findIndex(({ id }) => id === '4.1'),
    ),
  };
}

/** Weights on both sides of the line, and the ids of the blocks beside it. */
export function countCut(
  network: NetworkDescription,
  cut: number,
): { stay: number; move: number; first: string } {
  const blocks = weightyBlocks(network);
  const sum = (some: readonly BlockDescription[]) =>
    some.reduce((total, block) => total + block.parameters, 0);
  return { stay: sum(blocks.slice(0, cut)), move: sum(blocks.slice(cut)), first: blocks[cut]?.id ?? '' };
}

/** What the line makes of a block. */
export function stateOfBlock(network: NetworkDescription, cut: number, block: BlockDescription): WeightState {
  if (block.parameters === 0) return 'plain';
  return weightyBlocks(network).indexOf(block) < cut ? 'frozen' : 'trainable';
}

/** The table of what can be shared: picture and the lowest trainable block. */
export function backboneFields(network: NetworkDescription, gallery: Gallery): FieldTable<SharedBackbone> {
  const names = gallery.pictures.map(({ concept, style }) => `${concept}.${style}`);
  const ids = weightyBlocks(network).map(({ id }) => id);
  return { picture: placeIn(names), cut: placeIn(ids) };
}
