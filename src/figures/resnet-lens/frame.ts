/**
 * The precomputed first frame: what the network said to one picture, small enough to travel with the page. Written by
 * `npm run frames` with the same lab code that runs in the page.
 */
import { channelOf, mostVaried, summarise, type ActivationStack } from '../../labs/activations.ts';
import type { NetworkDescription } from '../../labs/network-description.ts';
import type { ClassScore } from '../kit/probability-bars.ts';

/** Activations with 8 bits a value and one scale a channel. */
export interface PackedStack {
  channels: number;
  height: number;
  width: number;
  /** Largest value of each channel, three significant digits. */
  largest: number[];
  /** base64 of uint8 [channels, height, width]; 255 is the channel's largest value, 0 exactly zero. */
  data: string;
}

export interface LensFrame {
  madeBy: string;
  /** sha256 of the weight file that the frame was computed from. */
  weights: string;
  network: NetworkDescription;
  picture: { concept: string; style: string };
  /** Likeliest classes. */
  top: ClassScore[];
  /** The block that is open in the first frame, with all its channels. */
  open: { block: string; stack: PackedStack };
  /** One channel of every other block that has places, for the front faces. */
  faces: Record<string, PackedStack>;
}

/** Packs activations that are not negative. */
export function packStack(stack: ActivationStack): PackedStack {
  const bytes = new Uint8Array(stack.data.length);
  const size = stack.height * stack.width;
  const largest: number[] = [];
  for (let channel = 0; channel < stack.channels; channel++) {
    const values = channelOf(stack, channel);
    const top = Math.max(0, summarise(values).largest);
    largest.push(Number(top.toPrecision(3)));
    // A value above zero stays above zero: the share of zeros is exact
    values.forEach((value, i) => {
      bytes[channel * size + i] = value <= 0 ? 0 : Math.max(1, Math.round((value / top) * 255));
    });
  }
  const { channels, height, width } = stack;
  return { channels, height, width, largest, data: btoa(String.fromCharCode(...bytes)) };
}

/** The activations, exact to 1/255 of each channel's largest value. */
export function unpackStack(packed: PackedStack): ActivationStack {
  const bytes = Uint8Array.from(atob(packed.data), (letter) => letter.charCodeAt(0));
  const size = packed.height * packed.width;
  const data = Float32Array.from(
    bytes,
    (byte, i) => (byte / 255) * (packed.largest[Math.floor(i / size)] ?? 0),
  );
  const { channels, height, width } = packed;
  return { channels, height, width, data };
}

/** The one channel of a stack that makes its front face. */
export function faceOf(stack: ActivationStack): ActivationStack {
  const channel = mostVaried(stack);
  return { ...stack, channels: 1, data: channelOf(stack, channel) };
}
