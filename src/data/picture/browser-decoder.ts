import type { RgbaPicture } from '../../engine/preprocess/rgba.ts';
import type { DecodePort } from './decode.ts';

/**
 * Decodes with the browser's own decoders, through createImageBitmap and an OffscreenCanvas (no document). SVG needs an
 * <img> and so a document: whoever has one adds `drawSvg`, with `readPixels` for the last step.
 */
export const browserDecoder: DecodePort = {
  async decodeRaster(file, size) {
    // imageOrientation 'from-image' is the default: EXIF is obeyed.
    const options: ImageBitmapOptions = size
      ? { resizeWidth: size.width, resizeHeight: size.height, resizeQuality: 'high' }
      : {};
    const bitmap = await createImageBitmap(file, options);
    try {
      return readPixels(bitmap, bitmap.width, bitmap.height);
    } finally {
      bitmap.close();
    }
  },
};

/** The pixels of anything that a canvas can draw, at this size. */
export function readPixels(source: CanvasImageSource, width: number, height: number): RgbaPicture {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('no 2d canvas');
  context.drawImage(source, 0, 0, width, height);
  return { width, height, data: context.getImageData(0, 0, width, height).data };
}
