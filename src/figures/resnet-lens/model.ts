/** The lens's state and everything that follows from it: plain data and pure functions. */
import {
  approaches,
  findBlock,
  type Approach,
  type BlockDescription,
  type NetworkDescription,
} from '../../labs/network-description.ts';
import type { WeightState } from '../kit/glyph.ts';
import type { PublishedNetwork, ShellData } from './data.ts';
import { oneOf, placeIn, wholeNumber, type FieldTable } from '../kit/url-state.ts';
import { faceOf, unpackStack, type LensFrame } from './frame.ts';
import { closerViews, firstCloser, type CloserState, type CloserView } from './closer-state.ts';
import { backendWishes, type Gallery, type RunState } from './run-state.ts';

export { channelOf, summarise, type ActivationStack } from '../../labs/activations.ts';
export * from './run-state.ts';
export type { BlockDescription, TensorDescription } from '../../labs/network-description.ts';

/** The lens's state. */
export interface LensState extends RunState {
  approach: Approach;
  block: string;
  channel: number;
  showsAll: boolean;
  closer: CloserState;
}

/** What stands in the address. */
export type Shared = Pick<LensState, 'picture' | 'approach' | 'block' | 'channel' | 'backend'> & {
  look: CloserView;
  /** The network's id. */
  network: string;
};

/** The table of shareable values for the bundled network, the published ones and a gallery. */
export function sharedFields(
  network: NetworkDescription,
  gallery: Gallery,
  published: readonly PublishedNetwork[] = [],
): FieldTable<Shared> {
  const names = gallery.pictures.map(({ concept, style }) => `${concept}.${style}`);
  return {
    picture: placeIn(names),
    approach: oneOf(approaches),
    block: oneOf(network.blocks.map((block) => block.id)),
    channel: wholeNumber(0, 9999),
    backend: oneOf(backendWishes),
    look: oneOf(closerViews),
    network: oneOf([network.id, ...published.map(({ outline }) => outline.id)]),
  };
}

/** What changes when the reader turns to another network: everything that the last one said is gone, nothing is fetched. */
export function turnTo(
  id: string,
  { published = [] }: Pick<ShellData, 'published'>,
  first: LensState,
  { closer }: Pick<LensState, 'closer'>,
): Partial<LensState> {
  const chosen = published.find(({ outline }) => outline.id === id);
  const network = chosen?.outline ?? first.network;
  return {
    network,
    block: chosen ? (network.blocks[0]?.id ?? first.block) : first.block,
    channel: 0,
    showsAll: false,
    status: 'idle',
    isPrecomputed: true,
    result: chosen ? { picture: '', top: [], stacks: {}, faces: {}, classNames: [] } : first.result,
    downloadBytes: chosen?.sizeBytes ?? first.downloadBytes,
    closer: { ...firstCloser, view: closer.view },
    seen: undefined,
    report: undefined,
    problem: undefined,
    progress: undefined,
    notice: undefined,
  };
}

/** The state's block if the network has it, else its first. */
export function blockIn({ blocks }: NetworkDescription, block: string): string {
  return blocks.some(({ id }) => id === block) ? block : (blocks[0]?.id ?? block);
}

/** What an author may ask of a first frame. */
export interface LensStart {
  approach?: Approach | undefined;
  /** A concept of the gallery. */
  picture?: string | undefined;
  /** The block that is open at first. Of others than the frame's own the numbers stand there, and the maps come with a run. */
  block?: string | undefined;
}

/** The state of the first frame. Throws a RangeError if the author asks for something that does not exist. */
export function firstState(
  frame: LensFrame,
  gallery: Gallery,
  downloadBytes: number,
  start: LensStart = {},
): LensState {
  const { approach = 'feature-extractor', picture = frame.picture.concept, block = frame.open.block } = start;
  if (!approaches.includes(approach))
    throw new RangeError(`start="${approach}": expected ${approaches.join(', ')}.`);
  const index = gallery.pictures.findIndex(
    ({ concept, style }) =>
      concept === picture && (picture !== frame.picture.concept || style === frame.picture.style),
  );
  if (index < 0) {
    const names = gallery.pictures.map(({ concept }) => concept).join(', ');
    throw new RangeError(`picture="${picture}" is not in the gallery; it has ${names}.`);
  }
  const open = unpackStack(frame.open.stack);
  const faces = Object.fromEntries(
    Object.entries(frame.faces).map(([id, packed]) => [id, unpackStack(packed)]),
  );
  return {
    status: 'idle',
    network: frame.network,
    gallery,
    picture: index,
    approach,
    block: findBlock(frame.network, block).id,
    channel: 0,
    showsAll: false,
    closer: firstCloser,
    backend: 'auto',
    result: {
      picture: `${frame.picture.concept}.${frame.picture.style}`,
      top: frame.top,
      stacks: { [frame.open.block]: open },
      faces: { ...faces, [frame.open.block]: faceOf(open) },
      classNames: [],
    },
    isPrecomputed: true,
    downloadBytes,
  };
}

/** What an approach does to a block's weights. */
export function weightState(
  network: NetworkDescription,
  approach: Approach,
  block: BlockDescription,
): WeightState {
  if (block.parameters === 0) return 'plain';
  return network.training[approach].blocks.includes(block.id) ? 'trainable' : 'frozen';
}

/** The open block. */
export function openBlock(state: LensState): BlockDescription {
  return findBlock(state.network, state.block);
}

/** The channel that is enlarged: the chosen one, or the last if the block has fewer. */
export function openChannel(state: LensState): number {
  return Math.min(state.channel, (openBlock(state).shape[0] ?? 1) - 1);
}

/** The index `step` further in a row of `count`, stopping at the ends. */
export function stepIndex(index: number, step: number, count: number): number {
  return Math.max(0, Math.min(count - 1, index + step));
}
