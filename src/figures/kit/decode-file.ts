/** A reader's picture file as pixels, in a page: with an image element for SVG, which workers do not have. */
import { browserDecoder, readPixels } from '../../data/picture/browser-decoder.ts';
import { decodePicture, type DecodedPicture } from '../../data/picture/decode.ts';
import type { SizedSvg } from '../../data/picture/svg.ts';

/** RGBA of the reader's file and what to know about it. Throws ThawError if it is no picture that this browser reads. */
export function decodeFile(file: Blob, name: string): Promise<DecodedPicture> {
  return decodePicture(file, name, { ...browserDecoder, drawSvg });
}

/** Draws an SVG through an image element, which loads nothing from elsewhere and runs no script. */
async function drawSvg({ source, width, height }: SizedSvg): Promise<DecodedPicture['picture']> {
  const url = URL.createObjectURL(new Blob([source], { type: 'image/svg+xml' }));
  try {
    const image = new Image(width, height);
    image.src = url;
    await image.decode();
    return readPixels(image, width, height);
  } finally {
    URL.revokeObjectURL(url);
  }
}
