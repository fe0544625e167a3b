/** The lens's state and everything that follows from it: plain data and pure functions. */
import type { ActivationStack } from '../../labs/activations.ts';
import {
  approaches,
  findBlock,
  type Approach,
  type BlockDescription,
  type NetworkDescription,
} from '../../labs/network-description.ts';
import type { FigureStatus } from '../kit/figure-element.ts';
import type { WeightState } from '../kit/glyph.ts';
import type { ClassScore } from '../kit/probability-bars.ts';
import type { Progress } from '../kit/progress.ts';
import { oneOf, wholeNumber, type FieldTable } from '../kit/url-state.ts';
import { faceOf, unpackStack, type LensFrame } from './frame.ts';

export { channelOf, summarise, type ActivationStack } from '../../labs/activations.ts';
export type { BlockDescription, TensorDescription } from '../../labs/network-description.ts';

export type BackendWish = 'auto' | 'wasm' | 'webgpu';

export const backendWishes: readonly BackendWish[] = ['auto', 'wasm', 'webgpu'];

/** The sheet of pictures that the figure offers. */
export interface Gallery {
  /** Address of the sheet; tiles of 64×64 pixels in rows. */
  sheet: string;
  columns: number;
  pictures: readonly { concept: string; style: string }[];
}

/** What a run gave, for one picture. */
export interface LensResult {
  /** Key of the picture, see `pictureKey`. */
  picture: string;
  top: readonly ClassScore[];
  /** Activations by block; the first frame holds one block. */
  stacks: Readonly<Record<string, ActivationStack>>;
  /** One channel a block for the front faces. */
  faces: Readonly<Record<string, ActivationStack>>;
  /** Names of the classes in output order; empty in the first frame. */
  classNames: readonly string[];
}

/** How and how fast the last run went. */
export interface RunReport {
  backend: 'wasm' | 'webgpu';
  threads: number;
  precision: string;
  elapsedMs: number;
  /** Why not what was wished for; empty if it was. */
  note: string;
  storageRefused: boolean;
}

/** What went wrong, in the engine's words. */
export interface Problem {
  message: string;
  advice: string;
  /** What has been kept, in one sentence. */
  kept: string;
  /** Facts for a report, one a line. */
  details: string;
  /** Whether pressing "Try again" can help. */
  canRetry: boolean;
}

export interface LensState {
  status: FigureStatus;
  network: NetworkDescription;
  gallery: Gallery;
  /** Index in the gallery, or −1 for the reader's own picture. */
  picture: number;
  own?: { name: string; url: string } | undefined;
  approach: Approach;
  block: string;
  channel: number;
  showsAll: boolean;
  backend: BackendWish;
  /** Whether this browser has a WebGPU adapter; undefined until asked. */
  hasWebgpu?: boolean | undefined;
  result: LensResult;
  /** True until the network has run in the page. */
  isPrecomputed: boolean;
  /** Bytes that pressing the button would fetch. */
  downloadBytes: number;
  progress?: Progress | undefined;
  report?: RunReport | undefined;
  problem?: Problem | undefined;
  /** A sentence about something that the reader should know, such as a drawing that changed. */
  notice?: string | undefined;
}

/** What stands in the address. */
export type Shared = Pick<LensState, 'picture' | 'approach' | 'block' | 'channel' | 'backend'>;

/** The table of shareable values for a network and a gallery. */
export function sharedFields(network: NetworkDescription, gallery: Gallery): FieldTable<Shared> {
  const names = gallery.pictures.map(({ concept, style }) => `${concept}.${style}`);
  const pictures = oneOf(names);
  return {
    picture: {
      read: (text) => {
        const name = pictures.read(text);
        return name === undefined ? undefined : names.indexOf(name);
      },
      write: (index) => names[index] ?? '',
    },
    approach: oneOf(approaches),
    block: oneOf(network.blocks.map((block) => block.id)),
    channel: wholeNumber(0, 9999),
    backend: oneOf(backendWishes),
  };
}

/** What an author may ask of a first frame. */
export interface LensStart {
  approach?: Approach | undefined;
  /** A concept of the gallery. */
  picture?: string | undefined;
}

/** The state of the first frame. Throws a RangeError if the author asks for something that does not exist. */
export function firstState(
  frame: LensFrame,
  gallery: Gallery,
  downloadBytes: number,
  start: LensStart = {},
): LensState {
  const { approach = 'feature-extractor', picture = frame.picture.concept } = start;
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
    block: frame.open.block,
    channel: 0,
    showsAll: false,
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

/** A name for the picture that results can be matched by. */
export function pictureKey(state: Pick<LensState, 'picture' | 'gallery' | 'own'>): string {
  const picture = state.gallery.pictures[state.picture];
  return picture ? `${picture.concept}.${picture.style}` : `own:${state.own?.url ?? ''}`;
}

/** The picture's name for people. */
export function pictureName(state: Pick<LensState, 'picture' | 'gallery' | 'own'>, ownName: string): string {
  const picture = state.gallery.pictures[state.picture];
  return picture ? readableName(picture.concept) : (state.own?.name ?? ownName);
}

/** `tropical-fish` as words. */
export function readableName(concept: string): string {
  return concept.replaceAll('-', ' ');
}

/** The result, if it belongs to the picture that is shown. */
export function shownResult(state: LensState): LensResult | undefined {
  return state.result.picture === pictureKey(state) ? state.result : undefined;
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
