/** Decoding a picture in Node, for precomputed frames and tests. */
import type { RgbaPicture } from '../../engine/preprocess/rgba.ts';

/** RGBA of a picture's bytes, decoded by sharp; lossless formats give the very bytes that browsers give. */
export async function decodeInNode(bytes: Uint8Array): Promise<RgbaPicture> {
  const { default: sharp } = await import('sharp');
  const { data, info } = await sharp(bytes).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data: new Uint8ClampedArray(data) };
}
