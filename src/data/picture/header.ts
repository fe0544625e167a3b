/** What the first bytes of a picture file say, without decoding it. */
import { readExifOrientation } from './exif-orientation.ts';

export type PictureFormat = 'PNG' | 'JPEG' | 'GIF' | 'WebP' | 'BMP' | 'AVIF';

export interface PictureHeader {
  format: PictureFormat;
  /** Pixels as stored, before any EXIF orientation; 0 where the header was cut off or says nothing. */
  width: number;
  height: number;
  /** True if EXIF says that the picture is shown on its side, so that width and height change places. */
  isTurned: boolean;
  isAnimated: boolean;
}

/** The header, or undefined if the bytes are none of the formats. Needs the file's first 256 kB or all of it, if shorter. */
export function readPictureHeader(bytes: Uint8Array): PictureHeader | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const [format, isIt, read] of READERS) {
    if (!isIt(bytes)) continue;
    const found = { format, width: 0, height: 0, isTurned: false, isAnimated: false };
    try {
      return { ...found, ...read(view, bytes) };
    } catch (error) {
      // Reading past the end: a file cut short. The browser's decoder has the last word on it.
      if (error instanceof RangeError) return found;
      throw error;
    }
  }
  return undefined;
}

type Found = Pick<PictureHeader, 'width' | 'height'> & Partial<PictureHeader>;
type Reader = (view: DataView, bytes: Uint8Array) => Found;

const READERS: [PictureFormat, (bytes: Uint8Array) => boolean, Reader][] = [
  ['PNG', (bytes) => startsWith(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), readPng],
  ['JPEG', (bytes) => startsWith(bytes, [0xff, 0xd8, 0xff]), readJpeg],
  ['GIF', (bytes) => /^GIF8[79]a$/.test(ascii(bytes, 0, 6)), readGif],
  ['WebP', (bytes) => ascii(bytes, 0, 4) === 'RIFF' && ascii(bytes, 8, 4) === 'WEBP', readWebp],
  ['BMP', (bytes) => ascii(bytes, 0, 2) === 'BM' && bytes.length >= 26, readBmp],
  ['AVIF', (bytes) => ascii(bytes, 4, 4) === 'ftyp' && /avi[fs]/.test(ascii(bytes, 8, 24)), readAvif],
];

/** Whether the file is HEIC, the format of many phones, which most browsers cannot decode. */
export function isHeic(bytes: Uint8Array): boolean {
  return ascii(bytes, 4, 4) === 'ftyp' && /^(heic|heix|hevc|heim|heis|mif1|msf1)/.test(ascii(bytes, 8, 4));
}

function readPng(view: DataView, bytes: Uint8Array): Found {
  // An animation control chunk stands before the first image data.
  let isAnimated = false;
  for (let at = 8; at + 8 <= bytes.length; at += 12 + view.getUint32(at)) {
    const chunk = ascii(bytes, at + 4, 4);
    if (chunk === 'acTL') isAnimated = true;
    if (chunk === 'acTL' || chunk === 'IDAT') break;
  }
  return { width: view.getUint32(16), height: view.getUint32(20), isAnimated };
}

function readJpeg(view: DataView, bytes: Uint8Array): Found {
  let isTurned = false;
  for (let at = 2; ;) {
    if (view.getUint8(at) !== 0xff) throw new RangeError('no marker here');
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) {
      at += 1; // fill byte
      continue;
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { height: view.getUint16(at + 5), width: view.getUint16(at + 7), isTurned };
    const length = view.getUint16(at + 2);
    if (marker === 0xe1)
      isTurned = readExifOrientation(bytes.subarray(at + 4, at + 2 + length)) >= 5 || isTurned;
    at += 2 + length;
  }
}

function readGif(view: DataView, bytes: Uint8Array): Found {
  const size = { width: view.getUint16(6, true), height: view.getUint16(8, true) };
  return { ...size, isAnimated: countGifFrames(view, bytes) > 1 };
}

/** Counts images up to the second one or to the end of the bytes. */
function countGifFrames(view: DataView, bytes: Uint8Array): number {
  const tableBytes = (flags: number) => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);
  let frames = 0;
  let at = 13 + tableBytes(view.getUint8(10));
  const skipBlocks = () => {
    while (at < bytes.length && view.getUint8(at) !== 0) at += 1 + view.getUint8(at);
    at += 1;
  };
  while (at < bytes.length && frames < 2) {
    const kind = view.getUint8(at);
    if (kind === 0x2c) {
      frames++;
      if (at + 11 > bytes.length) break;
      at += 10 + tableBytes(view.getUint8(at + 9)) + 1;
      skipBlocks();
    } else if (kind === 0x21) {
      at += 2;
      skipBlocks();
    } else break;
  }
  return frames;
}

function readWebp(view: DataView, bytes: Uint8Array): Found {
  const chunk = ascii(bytes, 12, 4);
  const uint24 = (at: number) => view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
  if (chunk === 'VP8X')
    return { width: uint24(24) + 1, height: uint24(27) + 1, isAnimated: (view.getUint8(20) & 2) !== 0 };
  if (chunk === 'VP8L') {
    const bits = view.getUint32(21, true);
    return { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 };
  }
  return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
}

function readBmp(view: DataView): Found {
  const isOld = view.getUint32(14, true) === 12;
  if (isOld) return { width: view.getUint16(18, true), height: view.getUint16(20, true) };
  return { width: Math.abs(view.getInt32(18, true)), height: Math.abs(view.getInt32(22, true)) };
}

function readAvif(view: DataView, bytes: Uint8Array): Found {
  // Boxes nest, but the size box `ispe` (version and flags, width, height) always lies near the start.
  const limit = Math.min(bytes.length - 16, 4096);
  let largest = { width: 0, height: 0 };
  for (let at = 8; at < limit; at++) {
    if (ascii(bytes, at, 4) !== 'ispe') continue;
    const size = { width: view.getUint32(at + 8), height: view.getUint32(at + 12) };
    if (size.width * size.height > largest.width * largest.height) largest = size;
  }
  return { ...largest, isAnimated: ascii(bytes, 8, 4) === 'avis' };
}

function startsWith(bytes: Uint8Array, start: readonly number[]): boolean {
  return start.every((byte, i) => bytes[i] === byte);
}

function ascii(bytes: Uint8Array, from: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(from, from + length));
}
