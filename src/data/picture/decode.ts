/** From a file that a reader chose to pixels, or to a sentence that says why not. */
import type { RgbaPicture } from '../../engine/preprocess/rgba.ts';
import { ThawError } from '../../engine/errors.ts';
import { isHeic, readPictureHeader, type PictureHeader } from './header.ts';
import { isSvg, sizeSvg, type SizedSvg } from './svg.ts';

/** Decodes pictures. A browser has createImageBitmap; Node has programs of its own. */
export interface DecodePort {
  /**
   * The first frame, upright as EXIF says, at exactly this size if one is given, else at its own. Rejects if the bytes
   * cannot be decoded.
   */
  decodeRaster: (file: Blob, size: { width: number; height: number } | undefined) => Promise<RgbaPicture>;
  /** Draws an SVG; absent where nothing can. */
  drawSvg?: (svg: SizedSvg) => Promise<RgbaPicture>;
}

export interface DecodedPicture {
  picture: RgbaPicture;
  /** What the reader should know about it, as whole sentences: animated, shrunk. Usually empty. */
  notes: string[];
}

/** Decoded pictures are shrunk to this longer side: enough to look at, and small to keep. */
export const MAX_SIDE_PX = 1024;

/** Larger pictures are refused: a decoder needs 4 bytes a pixel at once, 240 MB here, and phones end pages for more. */
export const MAX_MEGAPIXELS = 60;

/** Bytes that are read to know the format and the size; EXIF thumbnails may push the size of a JPEG back to 64 kB and more. */
const HEADER_BYTES = 256 * 1024;

/**
 * The picture in the file. `name` is the file's name for messages. Throws ThawErrors 'not-a-picture', 'picture-too-large'
 * and 'picture-unreadable', whose sentences say what was expected, what came and what to do.
 */
export async function decodePicture(file: Blob, name: string, port: DecodePort): Promise<DecodedPicture> {
  const start = new Uint8Array(await file.slice(0, HEADER_BYTES).arrayBuffer());
  if (isSvg(start)) return { picture: await drawSvg(file, name, port), notes: [] };
  const header = readPictureHeader(start);
  if (!header) throw notAPicture(start, name);

  const megapixels = (header.width * header.height) / 1e6;
  if (megapixels > MAX_MEGAPIXELS)
    throw new ThawError({
      code: 'picture-too-large',
      message: `“${name}” has ${Math.round(megapixels)} megapixels (${header.width} × ${header.height}); this page opens pictures of up to ${MAX_MEGAPIXELS}.`,
      advice:
        'Save a smaller copy, for example 4000 pixels wide: the network looks at 64 × 64 of them anyway.',
      details: { width: header.width, height: header.height },
    });

  const target = targetSize(header);
  const picture = await port.decodeRaster(file, target).catch((cause: unknown) => {
    throw unreadable(name, header.format, cause);
  });
  return { picture, notes: header.isAnimated ? [`“${name}” is animated; its first frame is used.`] : [] };
}

/** The size to decode to, upright, or undefined to keep the picture's own. */
function targetSize({
  width,
  height,
  isTurned,
}: PictureHeader): { width: number; height: number } | undefined {
  const longer = Math.max(width, height);
  if (longer <= MAX_SIDE_PX) return undefined;
  const side = (length: number) => Math.max(1, Math.round((length / longer) * MAX_SIDE_PX));
  return isTurned
    ? { width: side(height), height: side(width) }
    : { width: side(width), height: side(height) };
}

async function drawSvg(file: Blob, name: string, port: DecodePort): Promise<RgbaPicture> {
  if (!port.drawSvg) throw unreadable(name, 'SVG', 'no port for SVG');
  try {
    return await port.drawSvg(sizeSvg(await file.text(), SVG_SIDE_PX));
  } catch (cause) {
    throw unreadable(name, 'SVG', cause);
  }
}

/** An SVG has no pixels of its own; this many show it well and shrink evenly to the network's 64. */
const SVG_SIDE_PX = 512;

const EXPECTED = 'a PNG, JPEG, WebP, GIF, AVIF, BMP or SVG picture';

function notAPicture(start: Uint8Array, name: string): ThawError {
  const cameWith = isHeic(start) ? 'a HEIC photo, which browsers cannot open,' : describeBytes(start);
  return new ThawError({
    code: 'not-a-picture',
    message: `“${name}” could not be opened: ${EXPECTED} was expected, ${cameWith} came.`,
    advice: isHeic(start) ? 'Save or share the photo as JPEG and choose that file.' : 'Choose another file.',
  });
}

function describeBytes(start: Uint8Array): string {
  if (start.length === 0) return 'an empty file';
  const head = start.subarray(0, 512);
  const isText = head.every((byte) => byte >= 32 || (byte >= 9 && byte <= 13));
  if (!isText) return 'a file of another kind';
  const words = new TextDecoder().decode(head).replaceAll(/\s+/g, ' ').trim();
  return `text (“${words.length > 24 ? `${words.slice(0, 24)}…` : words}”)`;
}

function unreadable(name: string, format: string, cause: unknown): ThawError {
  return new ThawError(
    {
      code: 'picture-unreadable',
      message: `“${name}” begins as a ${format} picture should, but the rest could not be decoded.`,
      advice:
        'The file may be damaged or cut short: choose another, or save it again from a picture program.',
      details: { format },
    },
    { cause },
  );
}
