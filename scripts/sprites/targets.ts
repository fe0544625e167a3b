/** The sheet of the concepts that no network is trained on, in all styles: what few-shot tasks load in place of eight sheets. */
import { createHash } from 'node:crypto';
import sharp, { type OverlayOptions } from 'sharp';
import { cutTile } from '../../src/data/picture/sheet.ts';
import { decodeInNode } from '../../src/data/picture/node-decoder.ts';
import type { DrawingIndex } from '../../src/labs/few-shot/drawings.ts';
import { tileSizePx } from './render.ts';

/** A style's finished sheet, and where its tiles are. */
export interface StyleSheet {
  id: string;
  title: string;
  isTrained: boolean;
  bytes: Buffer;
  columns: number;
  /** Concepts in the order of its tiles. */
  concepts: readonly string[];
  missing: readonly string[];
}

/** A target as src/data/emoji-splits.json names it. */
export interface SplitTarget {
  name: string;
  category: string;
  photoClasses: readonly string[];
}

/**
 * A row for each target, a column for each style. The tiles are taken from the finished sheets and coded without any loss,
 * so that their pixels are those that the recipes read.
 */
export async function encodeTargets(
  styles: readonly StyleSheet[],
  targets: readonly SplitTarget[],
): Promise<{ sheet: Buffer; index: DrawingIndex }> {
  const columns = styles.length;
  const missing: number[] = [];
  const layers: OverlayOptions[] = [];
  for (const [column, style] of styles.entries()) {
    const pixels = await decodeInNode(style.bytes);
    for (const [row, { name }] of targets.entries()) {
      if (style.missing.includes(name)) missing.push(row * columns + column);
      const tile = cutTile(pixels, { tileSizePx, columns: style.columns }, style.concepts.indexOf(name));
      const raw = { width: tileSizePx, height: tileSizePx, channels: 4 } as const;
      layers.push({ input: Buffer.from(tile.data), raw, left: column * tileSizePx, top: row * tileSizePx });
    }
  }
  const size = { width: columns * tileSizePx, height: targets.length * tileSizePx };
  const sheet = await sharp({ create: { ...size, channels: 3, background: '#ffffff' } })
    .composite(layers)
    .removeAlpha()
    .webp({ lossless: true, effort: 6 })
    .toBuffer();
  const index: DrawingIndex = {
    tileSizePx,
    columns,
    sheet: {
      file: 'targets.webp',
      sizeBytes: sheet.length,
      sha256: createHash('sha256').update(sheet).digest('hex'),
    },
    styles: styles.map(({ id, title, isTrained }) => ({ id, title, isTrained })),
    concepts: targets.map(({ name, category, photoClasses }) => ({
      name,
      category,
      isInPhotos: photoClasses.length > 0,
    })),
    missing: missing.sort((a, b) => a - b),
  };
  return { sheet, index };
}
