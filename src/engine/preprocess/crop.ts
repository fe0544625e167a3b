/** Cutting a picture before it is scaled. */
import { resample } from './contain.ts';
import type { Rgb, RgbaPicture } from './rgba.ts';

/** The middle of a picture, `width` × `height` pixels of its own; the picture itself where that is all of it. */
export function cutMiddle(picture: RgbaPicture, width: number, height: number): RgbaPicture {
  if (width === picture.width && height === picture.height) return picture;
  const left = Math.floor((picture.width - width) / 2);
  const top = Math.floor((picture.height - height) / 2);
  const data = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * picture.width + left) * 4;
    data.set(picture.data.subarray(from, from + width * 4), y * width * 4);
  }
  return { width, height, data };
}

/**
 * uint8 [size, size, 3]: the middle of the picture after scaling its shorter side to `shorterSide` pixels, as networks for
 * ImageNet see it (He et al. 2015, section 3.4). Cut first and scaled then: the same pixels, but for rounding at the rim.
 */
export function cropOnBackground(
  picture: RgbaPicture,
  { size, shorterSide }: { size: number; shorterSide: number },
  background: Rgb,
): Uint8Array {
  const side = Math.max(1, Math.round((Math.min(picture.width, picture.height) * size) / shorterSide));
  return resample(cutMiddle(picture, side, side), size, size, background);
}
