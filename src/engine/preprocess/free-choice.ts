/** A picture as somebody else's network wants it: every step is the caller's choice. */
import { placeOnBackground, resample } from './contain.ts';
import { cutMiddle } from './crop.ts';
import type { Rgb, RgbaPicture } from './rgba.ts';

/** How a picture gets the network's size: its middle at that shape, the whole on a background, or pulled to it. */
export const fits = ['crop', 'contain', 'stretch'] as const;
/** Order of the channels; `grey` is one channel by the weights of ITU-R BT.601. */
export const channelOrders = ['rgb', 'bgr', 'grey'] as const;
/** Where the channels stand: before height and width, or behind them. */
export const layouts = ['nchw', 'nhwc'] as const;

export interface PictureChoice {
  width: number;
  height: number;
  fit: (typeof fits)[number];
  channels: (typeof channelOrders)[number];
  layout: (typeof layouts)[number];
  /** Pixels 0 … 255 are divided by this first. */
  divisor: number;
  /** Subtracted from each channel then, in the order of the channels; the last one serves those that are missing. */
  mean: readonly number[];
  /** What each channel is divided by in the end; as `mean`. */
  std: readonly number[];
}

/** Behind pictures that do not fill their area: black, as most networks' own padding. */
const background: Rgb = [0, 0, 0];

/**
 * The picture prepared: float32 [1, C, H, W] or [1, H, W, C], C being 3 or, in grey, 1. The values are
 * (pixel / divisor − mean) / std.
 */
export function preparePicture(
  picture: RgbaPicture,
  choice: PictureChoice,
): { shape: number[]; data: Float32Array } {
  const { width, height, channels, layout, divisor, mean, std } = choice;
  const pixels = fitPicture(picture, choice);
  const depth = channels === 'grey' ? 1 : 3;
  const plane = width * height;
  const data = new Float32Array(depth * plane);
  for (let c = 0; c < depth; c++) {
    const shift = mean[Math.min(c, mean.length - 1)] ?? 0;
    const spread = std[Math.min(c, std.length - 1)] ?? 1;
    for (let i = 0; i < plane; i++) {
      const value = (channelOf(pixels, i, c, channels) / divisor - shift) / spread;
      data[layout === 'nchw' ? c * plane + i : i * depth + c] = value;
    }
  }
  return { shape: layout === 'nchw' ? [1, depth, height, width] : [1, height, width, depth], data };
}

function channelOf(pixels: Uint8Array, i: number, c: number, channels: PictureChoice['channels']): number {
  if (channels === 'rgb') return pixels[i * 3 + c];
  if (channels === 'bgr') return pixels[i * 3 + 2 - c];
  return 0.299 * pixels[i * 3] + 0.587 * pixels[i * 3 + 1] + 0.114 * pixels[i * 3 + 2];
}

/** uint8 [height, width, 3]. */
function fitPicture(picture: RgbaPicture, { width, height, fit }: PictureChoice): Uint8Array {
  if (fit === 'contain') return placeOnBackground(picture, width, height, background);
  return resample(fit === 'crop' ? cropMiddle(picture, width / height) : picture, width, height, background);
}

/** The largest area of these proportions from the middle of a picture. */
function cropMiddle(picture: RgbaPicture, proportion: number): RgbaPicture {
  const width = Math.max(1, Math.min(picture.width, Math.round(picture.height * proportion)));
  const height = Math.max(1, Math.min(picture.height, Math.round(picture.width / proportion)));
  return cutMiddle(picture, width, height);
}
