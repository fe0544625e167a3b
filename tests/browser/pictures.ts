/** Files that a reader might hand to a figure, harmless and otherwise. */
import { deflateSync, crc32 } from 'node:zlib';
import sharp from 'sharp';

export interface PictureFile {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

/** A white PNG of 12500 × 8000 pixels: 100 megapixels in a few kilobytes. */
export function hugePhoto(): PictureFile {
  const [width, height] = [12_500, 8_000];
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  // 8 bits, RGB: decoded it takes 400 MB
  head.set([8, 2, 0, 0, 0], 8);
  const rows = Buffer.alloc(height * (1 + width * 3), 255);
  for (let y = 0; y < height; y += 1) rows[y * (1 + width * 3)] = 0;
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
  const chunks = [
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(rows, { level: 1 })),
    chunk('IEND', Buffer.alloc(0)),
  ];
  return { name: 'photo.png', mimeType: 'image/png', buffer: Buffer.concat([signature, ...chunks]) };
}

/** A text file that calls itself a picture. */
export function textNamedPng(): PictureFile {
  return {
    name: 'notes.png',
    mimeType: 'image/png',
    buffer: Buffer.from('These are my notes on transfer learning.\n'),
  };
}

/** A GIF that goes from red to blue and back for ever. */
export async function animatedGif(): Promise<PictureFile> {
  const frames = Buffer.alloc(2 * 64 * 64 * 3);
  for (let i = 0; i < 64 * 64; i += 1) {
    frames[i * 3] = 255;
    frames[(64 * 64 + i) * 3 + 2] = 255;
  }
  const raw = { width: 64, height: 128, channels: 3, pageHeight: 64 } as const;
  const buffer = await sharp(frames, { raw })
    .gif({ loop: 0, delay: [100, 100] })
    .toBuffer();
  return { name: 'blinking.gif', mimeType: 'image/gif', buffer };
}

/** A drawing without a size of its own that tries to run a script and to load from elsewhere. */
export function drawing(): PictureFile {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><script>document.title = 'broken in'</script>
    <image href="https://example.org/track.png" width="1" height="1"/><circle cx="4" cy="4" r="3" fill="tomato"/></svg>`;
  return { name: 'drawing.svg', mimeType: 'image/svg+xml', buffer: Buffer.from(svg) };
}

/** An ordinary photo-like picture, 600 × 400. */
export async function plainPhoto(): Promise<PictureFile> {
  const noise = { type: 'gaussian', mean: 120, sigma: 30 } as const;
  const buffer = await sharp({ create: { width: 600, height: 400, channels: 3, background: '#888', noise } })
    .jpeg()
    .toBuffer();
  return { name: 'photo.jpg', mimeType: 'image/jpeg', buffer };
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.byteLength);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}
