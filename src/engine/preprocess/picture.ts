import type { InputSpec, ResizeSpec } from '../registry/manifest.ts';
import type { Tensor } from '../runtime/types.ts';
import { containOnBackground } from './contain.ts';
import { cropOnBackground } from './crop.ts';
import { parseHexColour, type RgbaPicture } from './rgba.ts';

/** The network's input for a picture, float32 [1, 3, size, size] (NCHW): contained or cropped as the manifest says, then normalised. */
export function preprocess(picture: RgbaPicture, input: InputSpec): Tensor {
  return normalise(squareOf(picture, input.resize), input.resize.size, input);
}

/** The pixels that a network gets to see of a picture, uint8 [size, size, 3]. */
export function squareOf(picture: RgbaPicture, resize: ResizeSpec): Uint8Array {
  const background = parseHexColour(resize.background);
  return resize.mode === 'crop'
    ? cropOnBackground(picture, resize, background)
    : containOnBackground(picture, resize.size, background);
}

/**
 * Pixels uint8 [size, size, 3] as float32 [1, 3, size, size]: (pixel / scale − mean) / std per channel, rounded to
 * float32 after each step, as the recipes compute it.
 */
export function normalise(
  pixels: Uint8Array,
  size: number,
  input: Pick<InputSpec, 'mean' | 'std' | 'scale'>,
): Tensor {
  const plane = size * size;
  const data = new Float32Array(3 * plane);
  for (let c = 0; c < 3; c++) {
    const mean = Math.fround(input.mean[c] ?? 0);
    const std = Math.fround(input.std[c] ?? 1);
    for (let i = 0; i < plane; i++) {
      const scaled = Math.fround((pixels[i * 3 + c] ?? 0) / input.scale);
      data[c * plane + i] = Math.fround(scaled - mean) / std;
    }
  }
  return { dtype: 'float32', shape: [1, 3, size, size], data };
}
