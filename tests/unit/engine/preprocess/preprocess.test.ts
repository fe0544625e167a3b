import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { containOnBackground } from '../../../../src/engine/preprocess/contain.ts';
import { normalise, preprocess } from '../../../../src/engine/preprocess/picture.ts';
import { softmax, topK } from '../../../../src/engine/preprocess/probabilities.ts';
import { parseHexColour, type Rgb } from '../../../../src/engine/preprocess/rgba.ts';
import { buildManifest } from '../registry/manifest-factory.ts';

const white: Rgb = [255, 255, 255];

/** A picture whose pixel at (x, y) is `colour(x, y)`, [red, green, blue, alpha]. */
function paint(width: number, height: number, colour: (x: number, y: number) => readonly number[]) {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) data.set(colour(x, y), (y * width + x) * 4);
  return { width, height, data };
}

const grey = (value: number) => [value, value, value, 255];

describe('containOnBackground', () => {
  it('passes a picture of the right size through bit by bit', () => {
    const picture = paint(64, 64, (x, y) => [x * 4, y * 4, (x * 7 + y * 13) % 256, 255]);
    const result = containOnBackground(picture, 64, white);
    for (let i = 0; i < 64 * 64; i++)
      assert.deepEqual([...result.subarray(i * 3, i * 3 + 3)], [...picture.data.subarray(i * 4, i * 4 + 3)]);
  });

  it('averages by area', () => {
    const halves = containOnBackground(
      paint(4, 4, (x, y) => grey(x < 2 && y < 2 ? (x + y) * 10 : 200)),
      2,
      white,
    );
    assert.deepEqual([...halves], [10, 10, 10, 200, 200, 200, 200, 200, 200, 200, 200, 200]);
    // 3 → 2: the middle pixel counts half on either side; (0 + 90/2) / 1.5 and (90/2 + 30) / 1.5
    const thirds = containOnBackground(
      paint(3, 3, (x) => grey([0, 90, 30][x] ?? 0)),
      2,
      white,
    );
    assert.deepEqual([...thirds.subarray(0, 6)], [30, 30, 30, 50, 50, 50]);
  });

  it('rounds halves up', () => {
    const half = containOnBackground(
      paint(2, 2, (x) => grey(x === 0 ? 127 : 128)),
      1,
      white,
    );
    assert.deepEqual([...half], [128, 128, 128]);
  });

  it('keeps an even picture even at every size', () => {
    for (const side of [1, 2, 3, 7, 63, 64, 65, 100, 1023]) {
      const result = containOnBackground(
        paint(side, side, () => [17, 130, 255, 255]),
        64,
        white,
      );
      assert.ok(
        result.every((value, i) => value === [17, 130, 255][i % 3]),
        `side ${side}`,
      );
    }
  });

  it('centres what is not square, extra rows below', () => {
    const wide = containOnBackground(
      paint(8, 2, () => grey(0)),
      4,
      white,
    );
    const rows = [0, 1, 2, 3].map((y) => wide[y * 12]);
    assert.deepEqual(rows, [255, 0, 255, 255]);
    const thin = containOnBackground(
      paint(1000, 1, () => grey(0)),
      4,
      white,
    );
    assert.deepEqual(
      [0, 1, 2, 3].map((y) => thin[y * 12]),
      [255, 0, 255, 255],
      'at least one row',
    );
  });

  it('lays transparent pixels on the background', () => {
    const picture = paint(2, 2, (x) => [0, 0, 0, x === 0 ? 0 : 128]);
    assert.deepEqual(
      [...containOnBackground(picture, 2, [200, 100, 0]).subarray(0, 6)],
      [200, 100, 0, 100, 50, 0],
    );
  });
});

describe('preprocess', () => {
  it('normalises per channel into planes', () => {
    const { input } = buildManifest();
    const tensor = preprocess(
      paint(64, 64, () => [255, 0, 51, 255]),
      input,
    );
    assert.deepEqual(tensor.shape, [1, 3, 64, 64]);
    const expected = [255, 0, 51].map((value, c) => (value / 255 - input.mean[c]) / input.std[c]);
    for (let c = 0; c < 3; c++) assert.ok(Math.abs(tensor.data[c * 4096 + 77] - expected[c]) < 1e-6);
  });

  it('steps in float32 as the recipes do', () => {
    const { data } = normalise(Uint8Array.of(1, 2, 3), 1, {
      mean: [0.48, 0.448, 0.398],
      std: [0.277, 0.269, 0.282],
      scale: 255,
    });
    const f = Math.fround;
    assert.equal(data[0], f(f(f(1 / 255) - f(0.48)) / f(0.277)));
  });

  it('reads colours', () => assert.deepEqual(parseHexColour('#1080fF'), [16, 128, 255]));
});

describe('probabilities', () => {
  it('sum to one for logits of any size', () => {
    const probabilities = softmax([1000, 999, -1000]);
    assert.ok(Math.abs(probabilities.reduce((a, b) => a + b) - 1) < 1e-12);
    assert.ok(Math.abs(probabilities[0] - 1 / (1 + Math.exp(-1))) < 1e-12);
  });

  it('are ranked, equal ones in output order', () => {
    assert.deepEqual(
      topK([0.1, 0.4, 0.1, 0.4], 3).map(({ index }) => index),
      [1, 3, 0],
    );
  });
});

describe('a cropping manifest', () => {
  const { input } = buildManifest();
  const crop = {
    ...input,
    resize: { mode: 'crop' as const, size: 4, shorterSide: 8, background: '#ffffff' },
  };

  it('sees the middle half of the shorter side, whichever that is', () => {
    // 8 × 16: columns 2 … 5 and rows 6 … 9 of it remain
    const tall = preprocess(
      paint(8, 16, (x, y) => grey(x * 10 + y)),
      { ...crop, mean: [0, 0, 0], std: [1, 1, 1], scale: 1 },
    );
    assert.deepEqual(tall.shape, [1, 3, 4, 4]);
    assert.deepEqual([...tall.data.subarray(0, 4)], [26, 36, 46, 56]);
    assert.deepEqual([...tall.data.subarray(12, 16)], [29, 39, 49, 59]);
    const wide = preprocess(
      paint(16, 8, (x, y) => grey(x + y * 10)),
      { ...crop, mean: [0, 0, 0], std: [1, 1, 1], scale: 1 },
    );
    assert.deepEqual([...wide.data.subarray(0, 4)], [26, 27, 28, 29]);
  });

  it('averages what it shrinks, and takes a picture of one pixel', () => {
    const even = {
      ...crop,
      mean: [0, 0, 0] as [number, number, number],
      std: [1, 1, 1] as [number, number, number],
      scale: 1,
    };
    const halves = preprocess(
      paint(16, 16, (x) => grey(x < 8 ? 0 : 100)),
      even,
    );
    assert.deepEqual([...halves.data.subarray(0, 4)], [0, 0, 100, 100]);
    assert.ok(
      preprocess(
        paint(1, 1, () => grey(7)),
        even,
      ).data.every((value) => value === 7),
    );
  });
});
