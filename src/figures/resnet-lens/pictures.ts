/** Pictures for the lens in the browser: tiles of the gallery, and what the network gets to see. */
import { squareOf } from '../../engine/preprocess/picture.ts';
import { ThawError } from '../../engine/errors.ts';
import type { InputSpec } from '../../engine/registry/manifest.ts';
import type { Picture } from '../../labs/resnet-lens.ts';
import type { Gallery } from './run-state.ts';

const tilePx = 64;

/** RGBA of one tile of the gallery, 64×64. Throws a ThawError 'network-lost' if the sheet cannot be fetched. */
export async function decodeTile(gallery: Gallery, index: number): Promise<Picture> {
  const sheet = await createImageBitmap(await fetchSheet(gallery.sheet), { colorSpaceConversion: 'none' });
  const [column, row] = [index % gallery.columns, Math.floor(index / gallery.columns)];
  const pen = penOf(tilePx, tilePx);
  pen.drawImage(sheet, column * tilePx, row * tilePx, tilePx, tilePx, 0, 0, tilePx, tilePx);
  sheet.close();
  return pen.getImageData(0, 0, tilePx, tilePx);
}

async function fetchSheet(url: string): Promise<Blob> {
  try {
    const response = await fetch(url);
    if (response.ok) return await response.blob();
    throw new Error(`status ${response.status}`);
  } catch (cause) {
    const message = 'The pictures could not be fetched.';
    const advice = 'Check the connection and try again, or take a picture of your own.';
    throw new ThawError({ code: 'network-lost', message, advice, details: { url } }, { cause });
  }
}

/** The picture as the network gets it, fitted into its square on the background or cut to it, as a data URL. */
export function previewOf(picture: Picture, { resize }: Pick<InputSpec, 'resize'>): string {
  const { size } = resize;
  const rgb = squareOf(picture, resize);
  const rgba = new Uint8ClampedArray(size * size * 4).fill(255);
  for (let i = 0; i < size * size; i++) rgba.set(rgb.subarray(i * 3, i * 3 + 3), i * 4);
  const pen = penOf(size, size);
  pen.putImageData(new ImageData(rgba, size, size), 0, 0);
  return pen.canvas.toDataURL();
}

function penOf(width: number, height: number): CanvasRenderingContext2D {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const pen = canvas.getContext('2d', { willReadFrequently: true });
  if (!pen) throw new Error('This browser gives no 2D canvas.');
  return pen;
}
