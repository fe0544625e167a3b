import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import sharp from 'sharp';
import { isThawError } from '../../../../src/engine/errors.ts';
import { decodePicture, MAX_SIDE_PX, type DecodePort } from '../../../../src/data/picture/decode.ts';
import { readPictureHeader } from '../../../../src/data/picture/header.ts';
import { isSvg, sizeSvg } from '../../../../src/data/picture/svg.ts';

const pixels = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#38a' } });

/** A port that notes what it was asked for. */
function createPort(): DecodePort & { asked: unknown[] } {
  const asked: unknown[] = [];
  const picture = { width: 1, height: 1, data: new Uint8ClampedArray(4) };
  return {
    asked,
    decodeRaster(_file, size) {
      asked.push(size);
      return Promise.resolve(picture);
    },
    drawSvg(svg) {
      asked.push(svg);
      return Promise.resolve(picture);
    },
  };
}

const open = (bytes: Uint8Array | string, name: string, port: DecodePort = createPort()) =>
  decodePicture(new Blob([bytes as Uint8Array<ArrayBuffer>]), name, port);

/** A GIF with this many frames of one pixel. */
function gif(frames: number): Uint8Array {
  const frame = [0x21, 0xf9, 4, 0, 10, 0, 0, 0, 0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0];
  const start = [...new TextEncoder().encode('GIF89a'), 1, 0, 1, 0, 0x80, 0, 0, 0, 0, 0, 255, 255, 255];
  return Uint8Array.from([...start, ...Array.from({ length: frames }, () => frame).flat(), 0x3b]);
}

/** The start of a PNG that claims to have this size. */
function pngClaiming(width: number, height: number): Uint8Array {
  const bytes = new Uint8Array(33);
  bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]);
  new DataView(bytes.buffer).setUint32(16, width);
  new DataView(bytes.buffer).setUint32(20, height);
  return bytes;
}

describe('readPictureHeader', () => {
  const encoders = { PNG: 'png', JPEG: 'jpeg', WebP: 'webp', AVIF: 'avif', GIF: 'gif' } as const;
  for (const [format, encoder] of Object.entries(encoders))
    it(`reads the size of a ${format}`, async () => {
      const header = readPictureHeader(await pixels(37, 21).toFormat(encoder).toBuffer());
      assert.deepEqual(header, { format, width: 37, height: 21, isTurned: false, isAnimated: false });
    });

  it('reads lossless and extended WebP', async () => {
    for (const image of [pixels(37, 21).webp({ lossless: true }), pixels(37, 21).ensureAlpha(0.5).webp()]) {
      const header = readPictureHeader(await image.toBuffer());
      assert.deepEqual([header?.width, header?.height], [37, 21]);
    }
  });

  it('reads a BMP, upside down or not', () => {
    const bmp = new Uint8Array(54);
    bmp.set([0x42, 0x4d]);
    const view = new DataView(bmp.buffer);
    view.setUint32(14, 40, true);
    view.setInt32(18, 37, true);
    view.setInt32(22, -21, true);
    assert.deepEqual([readPictureHeader(bmp)?.width, readPictureHeader(bmp)?.height], [37, 21]);
  });

  it('sees that a photo lies on its side', async () => {
    const header = readPictureHeader(await pixels(37, 21).withMetadata({ orientation: 6 }).jpeg().toBuffer());
    assert.equal(header?.isTurned, true);
  });

  it('tells animated GIFs from still ones', () => {
    assert.equal(readPictureHeader(gif(1))?.isAnimated, false);
    assert.equal(readPictureHeader(gif(2))?.isAnimated, true);
  });

  it('survives files cut at every byte', async () => {
    for (const format of ['png', 'jpeg', 'webp', 'avif'] as const) {
      const bytes = await pixels(37, 21).toFormat(format).toBuffer();
      for (let length = 0; length < Math.min(bytes.length, 400); length++)
        readPictureHeader(bytes.subarray(0, length));
    }
    const bytes = gif(3);
    for (let length = 0; length < bytes.length; length++) readPictureHeader(bytes.subarray(0, length));
  });
});

describe('decodePicture', () => {
  it('leaves small pictures at their size and shrinks large ones, turned as EXIF says', async () => {
    const port = createPort();
    await open(await pixels(64, 64).png().toBuffer(), 'tile.png', port);
    await open(await pixels(2048, 1000).jpeg().toBuffer(), 'photo.jpg', port);
    await open(
      await pixels(2048, 1000).withMetadata({ orientation: 6 }).jpeg().toBuffer(),
      'turned.jpg',
      port,
    );
    assert.deepEqual(port.asked, [
      undefined,
      { width: MAX_SIDE_PX, height: 500 },
      { width: 500, height: MAX_SIDE_PX },
    ]);
  });

  it('refuses 100 megapixels before decoding, with the number and a way out', async () => {
    const port = createPort();
    await assert.rejects(open(pngClaiming(10_000, 10_000), 'huge.png', port), (error) => {
      assert.ok(isThawError(error, 'picture-too-large'));
      assert.match(error.message, /“huge.png” has 100 megapixels \(10000 × 10000\)/);
      assert.match(error.advice, /smaller copy/);
      return true;
    });
    assert.deepEqual(port.asked, []);
  });

  it('says what came in place of a picture', async () => {
    const cases: [Uint8Array | string, RegExp][] = [
      ['Dear diary, today I learnt about networks.', /expected, text \(“Dear diary, today I lear…”\) came/],
      [new Uint8Array(0), /an empty file came/],
      [Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0), /a file of another kind came/],
      ['\0\0\0\x18ftypheic', /a HEIC photo, which browsers cannot open, came/],
    ];
    for (const [bytes, expected] of cases)
      await assert.rejects(open(bytes, 'holiday.png'), (error) => {
        assert.ok(isThawError(error, 'not-a-picture'));
        assert.match(error.message, expected);
        return true;
      });
  });

  it('uses the first frame of an animation and says so', async () => {
    assert.deepEqual((await open(gif(2), 'dance.gif')).notes, [
      '“dance.gif” is animated; its first frame is used.',
    ]);
    assert.deepEqual((await open(gif(1), 'still.gif')).notes, []);
  });

  it('says when a file is damaged', async () => {
    const port: DecodePort = { decodeRaster: () => Promise.reject(new Error('decoder says no')) };
    await assert.rejects(open(pngClaiming(10, 10), 'broken.png', port), /begins as a PNG picture should/);
  });

  it('draws an SVG at a size of its own proportions', async () => {
    const port = createPort();
    await open(
      '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"/>',
      'a.svg',
      port,
    );
    const [svg] = port.asked as { width: number; height: number }[];
    assert.deepEqual([svg?.width, svg?.height], [512, 256]);
  });
});

describe('sizeSvg', () => {
  it('puts the size on the root and keeps the rest', () => {
    const { source } = sizeSvg(
      '<svg width="1em" height="1em" viewBox="0 0 10 10"><rect width="3"/></svg>',
      100,
    );
    assert.equal(source, '<svg width="100" height="100" viewBox="0 0 10 10"><rect width="3"/></svg>');
  });

  it('makes a viewBox from width and height where there is none', () => {
    const { source } = sizeSvg('<svg width="20" height="10"></svg>', 100);
    assert.equal(source, '<svg width="100" height="50" viewBox="0 0 20 10"></svg>');
  });

  it('takes a drawing without any size as square', () => {
    assert.deepEqual([sizeSvg('<svg></svg>', 50).width, sizeSvg('<svg></svg>', 50).height], [50, 50]);
  });

  it('tells SVG from HTML', () => {
    assert.equal(isSvg(new TextEncoder().encode('  <!-- a --><svg >')), true);
    assert.equal(isSvg(new TextEncoder().encode('<html><body>')), false);
  });
});
