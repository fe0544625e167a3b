import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { openRuntimePage } from './runtime-page.ts';

interface Decoded {
  width: number;
  height: number;
  /** All of them, or none of a large picture. */
  pixels: number[];
  /** Colours in the middle, one eighth from the top and from the bottom. */
  top: number[];
  bottom: number[];
  notes: string[];
  code: string;
}

/** Decodes a file in the page; `code` says what went wrong. */
function decodeIn(page: Page, bytes: Uint8Array, name: string): Promise<Decoded> {
  return page.evaluate(
    async ({ base64, name }) => {
      const { browserDecoder, decodePicture } = globalThis.doors;
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      try {
        const { picture, notes } = await decodePicture(new Blob([bytes]), name, browserDecoder);
        const { width, height, data } = picture;
        const at = (y: number) => [...data.subarray((y * width + (width >> 1)) * 4).subarray(0, 3)];
        const pixels = width * height > 10_000 ? [] : [...data];
        return {
          width,
          height,
          pixels,
          top: at(height >> 3),
          bottom: at(height - (height >> 3)),
          notes,
          code: '',
        };
      } catch (error) {
        return {
          width: 0,
          height: 0,
          pixels: [],
          top: [],
          bottom: [],
          notes: [],
          code: (error as { code: string }).code,
        };
      }
    },
    { base64: Buffer.from(bytes).toString('base64'), name },
  );
}

describe('pictures in Chromium', () => {
  it('arrive bit by bit when they are small enough', async (t) => {
    const { page } = await openRuntimePage(t);
    const raw = Buffer.from(Array.from({ length: 64 * 64 * 3 }, (_, i) => (i * 37 + (i >> 5)) % 256));
    const png = await sharp(raw, { raw: { width: 64, height: 64, channels: 3 } })
      .png()
      .toBuffer();
    const { width, height, pixels } = await decodeIn(page, png, 'tile.png');
    assert.deepEqual([width, height], [64, 64]);
    assert.deepEqual(
      pixels.filter((_, i) => i % 4 !== 3),
      [...raw],
    );
  });

  it('stand upright as EXIF says, also when they are shrunk', async (t) => {
    const { page } = await openRuntimePage(t);
    // Left half red, right half blue; turned by EXIF 6 (a quarter clockwise), red is above blue
    for (const side of [60, 1500]) {
      const half = { create: { width: side, height: side, channels: 3 as const, background: '#0000ff' } };
      const red = await sharp({ create: { ...half.create, background: '#ff0000' } })
        .png()
        .toBuffer();
      const jpeg = await sharp({ create: { ...half.create, width: side * 2 } })
        .composite([{ input: red, left: 0, top: 0 }])
        .withMetadata({ orientation: 6 })
        .jpeg()
        .toBuffer();
      const { width, height, top, bottom } = await decodeIn(page, jpeg, 'turned.jpg');
      assert.deepEqual([width, height], side === 60 ? [60, 120] : [512, 1024]);
      assert.ok(top[0] > 200 && top[2] < 60, `red above: ${top.join()}`);
      assert.ok(bottom[2] > 200 && bottom[0] < 60, `blue below: ${bottom.join()}`);
    }
  });

  it('end in an error with a code when they are damaged', async (t) => {
    const { page } = await openRuntimePage(t);
    const png = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
      .png()
      .toBuffer();
    assert.equal((await decodeIn(page, png.subarray(0, 40), 'cut.png')).code, 'picture-unreadable');
    assert.equal((await decodeIn(page, Buffer.from('hello'), 'text.png')).code, 'not-a-picture');
  });
});
