import type { InputSpec } from '../registry/manifest.ts';
import type { Tensor } from '../runtime/types.ts';
import { preprocess } from './picture.ts';
import type { RgbaPicture } from './rgba.ts';

/** The network's input for several pictures, float32 [N, 3, size, size] (NCHW): each as `preprocess` makes it. */
export function preprocessAll(pictures: readonly RgbaPicture[], input: InputSpec): Tensor {
  const { size } = input.resize;
  const length = 3 * size * size;
  const data = new Float32Array(pictures.length * length);
  pictures.forEach((picture, i) => data.set(preprocess(picture, input).data, i * length));
  return { dtype: 'float32', shape: [pictures.length, 3, size, size], data };
}
