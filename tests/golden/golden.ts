/** The golden answers of a network and the inputs they belong to, remade from what the file says about them. */
import { existsSync, readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { parseManifest, type Manifest } from '../../src/engine/registry/manifest.ts';

/** Summary of one value of the graph. */
export interface ValueSummary {
  shape: number[];
  mean: number;
  /** Standard deviation of the population. */
  std: number;
  first: number[];
}

/** One input and what PyTorch made of it. */
export interface GoldenCase {
  name: string;
  input:
    | { kind: 'lcg'; seed: number }
    | { kind: 'ramp' }
    | { kind: 'gallery'; tile: number; concept: string; style: string; rgbSha256: string };
  /** The five best classes, best first. */
  topk: [index: number, logit: number][];
  /** The first logits. */
  logits: number[];
  values: Record<string, ValueSummary>;
}

export interface Golden {
  made: { script: string; commit: string; seed: number; model: { sha256: string }; tolerance: number };
  cases: GoldenCase[];
}

const size = 64;
const plane = size * size;
const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** The golden answers of a model. */
export function readGolden(id: string): Golden {
  return JSON.parse(readFileSync(at(`tests/golden/${id}.json`), 'utf8')) as Golden;
}

/** A model's folder, manifest and files as they stand in the repository. */
export function readModelFiles(id: string): {
  folder: string;
  manifest: Manifest;
  weights: Uint8Array<ArrayBuffer>;
} {
  const folder = at(`public/models/${id}/`);
  const manifest = parseManifest(
    JSON.parse(readFileSync(`${folder}manifest.json`, 'utf8')),
    `${id}/manifest.json`,
  );
  return { folder, manifest, weights: new Uint8Array(readFileSync(folder + manifest.files.weights.path)) };
}

/**
 * The pixels of a case, uint8 [3, 64, 64]; undefined for a gallery picture when the sheets have not been built.
 * Throws if the built picture is not the one that PyTorch saw.
 */
export async function makePixels({ input, name }: GoldenCase): Promise<Uint8Array | undefined> {
  if (input.kind === 'lcg') return noise(input.seed);
  if (input.kind === 'ramp')
    return Uint8Array.from({ length: 3 * plane }, (_, i) =>
      rampAt(Math.floor(i / plane), i % size, Math.floor((i % plane) / size)),
    );
  const index = at('public/sprites/index.json');
  if (!existsSync(index)) return undefined;
  const { columns, gallery } = JSON.parse(readFileSync(index, 'utf8')) as {
    columns: number;
    gallery: { sheet: { file: string } };
  };
  const { file } = gallery.sheet;
  const left = (input.tile % columns) * size;
  const top = Math.floor(input.tile / columns) * size;
  const rgb = await sharp(at(`public/sprites/${file}`))
    .extract({ left, top, width: size, height: size })
    .removeAlpha()
    .raw()
    .toBuffer();
  const sha256 = createHash('sha256').update(rgb).digest('hex');
  if (sha256 !== input.rgbSha256)
    throw new Error(
      `The gallery's "${name}" differs from the picture that the goldens were made with: build the sheets or make the goldens again.`,
    );
  return Uint8Array.from({ length: 3 * plane }, (_, i) => rgb[(i % plane) * 3 + Math.floor(i / plane)] ?? 0);
}

/** Pixels as the network's input, float32 [1, 3, 64, 64]: (pixel / scale − mean) / std. */
export function normalise(pixels: Uint8Array, { scale, mean, std }: Manifest['input']): Float32Array {
  return Float32Array.from(pixels, (pixel, i) => {
    const channel = Math.floor(i / plane);
    return (pixel / scale - (mean[channel] ?? 0)) / (std[channel] ?? 1);
  });
}

function noise(seed: number): Uint8Array {
  let value = seed;
  return Uint8Array.from({ length: 3 * plane }, () => {
    value = (Math.imul(value, 1664525) + 1013904223) >>> 0;
    return value >>> 24;
  });
}

function rampAt(channel: number, x: number, y: number): number {
  return [4 * x, 4 * y, 2 * x + 2 * y][channel] ?? 0;
}
