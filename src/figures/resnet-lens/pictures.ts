/** Pictures for the lens in the browser: tiles of the gallery, the reader's files, and what the network gets to see. */
import { decodePicture } from '../../data/picture/decode.ts';
import { browserPicturePorts } from '../../data/picture/browser.ts';
import type { Picture } from '../../labs/resnet-lens.ts';
import type { Gallery } from './model.ts';

const tilePx = 64;

/** RGBA of one tile of the gallery, 64×64. */
export async function decodeTile(gallery: Gallery, index: number): Promise<Picture> {
  const response = await fetch(gallery.sheet);
  const sheet = await createImageBitmap(await response.blob(), { colorSpaceConversion: 'none' });
  const [column, row] = [index % gallery.columns, Math.floor(index / gallery.columns)];
  const pen = penOf(tilePx, tilePx);
  pen.drawImage(sheet, column * tilePx, row * tilePx, tilePx, tilePx, 0, 0, tilePx, tilePx);
  sheet.close();
  return pen.getImageData(0, 0, tilePx, tilePx);
}

/** RGBA of the reader's file. Throws ThawError if it is no picture that this browser reads. */
export async function decodeFile(file: Blob): Promise<Picture> {
  const { picture } = await decodePicture(file, browserPicturePorts());
  return picture;
}

/** The picture fitted into 64×64 on white, as a data URL: what the network gets. */
export function previewOf({ width, height, data }: Picture): string {
  const source = penOf(width, height);
  source.putImageData(new ImageData(new Uint8ClampedArray(data), width, height), 0, 0);
  const pen = penOf(tilePx, tilePx);
  pen.fillStyle = '#fff';
  pen.fillRect(0, 0, tilePx, tilePx);
  const scale = tilePx / Math.max(width, height);
  const [w, h] = [width * scale, height * scale];
  pen.imageSmoothingQuality = 'high';
  pen.drawImage(source.canvas, (tilePx - w) / 2, (tilePx - h) / 2, w, h);
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
