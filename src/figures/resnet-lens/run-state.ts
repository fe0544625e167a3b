/**
 * What every figure has that runs the network on a picture: which picture, what came back, how the run stands. The
 * lens and the landing page's backbone add their own on top.
 */
import type { ActivationStack } from '../../labs/activations.ts';
import type { NetworkDescription } from '../../labs/network-description.ts';
import type { FigureStatus } from '../kit/figure-element.ts';
import type { ClassScore } from '../kit/probability-bars.ts';
import type { Progress } from '../kit/progress.ts';

export type BackendWish = 'auto' | 'wasm' | 'webgpu';

export const backendWishes: readonly BackendWish[] = ['auto', 'wasm', 'webgpu'];

/** The sheet of pictures that the figure offers. */
export interface Gallery {
  /** Address of the sheet; tiles of 64×64 pixels in rows. */
  sheet: string;
  /** Address of the same sheet for looking at only, smaller and not to the last bit. */
  preview: string;
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
  /** Probability of every class, in output order; absent in the first frame. */
  probabilities?: ArrayLike<number>;
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

/** A run of the network in a figure. */
export interface RunState {
  status: FigureStatus;
  network: NetworkDescription;
  gallery: Gallery;
  /** Index in the gallery, or −1 for the reader's own picture. */
  picture: number;
  own?: { name: string; url: string } | undefined;
  /** The pixels that the network got, of the picture with this key; absent where it gets the picture as it is drawn. */
  seen?: { picture: string; url: string } | undefined;
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

/** A name for the picture that results can be matched by. */
export function pictureKey(state: Pick<RunState, 'picture' | 'gallery' | 'own'>): string {
  const picture = state.gallery.pictures[state.picture];
  return picture ? `${picture.concept}.${picture.style}` : `own:${state.own?.url ?? ''}`;
}

/** The picture's name for people. */
export function pictureName(state: Pick<RunState, 'picture' | 'gallery' | 'own'>, ownName: string): string {
  const picture = state.gallery.pictures[state.picture];
  return picture ? readableName(picture.concept) : (state.own?.name ?? ownName);
}

/** `tropical-fish` as words. */
export function readableName(concept: string): string {
  return concept.replaceAll('-', ' ');
}

/** The result, if it belongs to the picture that is shown. */
export function shownResult(state: RunState): LensResult | undefined {
  return state.result.picture === pictureKey(state) ? state.result : undefined;
}
