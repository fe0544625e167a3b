/**
 * Renders the emoji of the eight icon sets into one sheet of 64×64 tiles per style, plus a small gallery sheet:
 * public/sprites/<style>.webp, gallery.webp and index.json; and a sheet of the concepts that are never trained, targets.webp. The sheets are lossless, so that the browser, Node and
 * the recipes in training/ see the same pixels. A run whose inputs have not changed copies from node_modules/.cache.
 */
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import type { GalleryPicture } from './sprites/gallery.ts';
import { galleryPictures } from './sprites/gallery.ts';
import type { IconSet } from './sprites/icon-sets.ts';
import { iconStyles, readIconSet } from './sprites/icon-sets.ts';
import { columnCount, encodePreview, encodeSheet, renderTile, tileSizePx } from './sprites/render.ts';
import { encodeTargets, type SplitTarget, type StyleSheet } from './sprites/targets.ts';

/** Where the sheets and their index go, below the repository's root. */
const outFolder = 'public/sprites';

const root = new URL('../', import.meta.url);
const path = (relative: string) => fileURLToPath(new URL(relative, root));

interface Splits {
  trainingStyles: string[];
  trainingConcepts: string[];
  targets: SplitTarget[];
}

/** Writes all sheets and their index to public/sprites, from the cache if nothing has changed since the last run. */
export async function buildSprites(): Promise<void> {
  const splitText = readFileSync(path('src/data/emoji-splits.json'), 'utf8');
  const sets = iconStyles.map(readIconSet);
  const cacheFolder = path(`node_modules/.cache/sprites/${hashInputs(splitText, sets)}`);
  if (!existsSync(`${cacheFolder}/index.json`))
    await render(JSON.parse(splitText) as Splits, sets, cacheFolder);
  rmSync(path(outFolder), { recursive: true, force: true });
  cpSync(cacheFolder, path(outFolder), { recursive: true });
}

async function render(splits: Splits, sets: readonly IconSet[], cacheFolder: string): Promise<void> {
  const concepts = [...splits.trainingConcepts, ...splits.targets.map((target) => target.name)].sort();
  const unfinished = `${cacheFolder}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  const styles = [];
  const sheets: StyleSheet[] = [];
  for (const set of sets) {
    const tiles: (Buffer | undefined)[] = [];
    for (const concept of concepts) tiles.push(await renderTile(set, concept));
    const sheet = await encodeSheet(tiles);
    writeFileSync(`${unfinished}/${set.style.id}.webp`, sheet);
    const isTrained = splits.trainingStyles.includes(set.style.id);
    const missing = concepts.filter((_, index) => !tiles[index]);
    styles.push({ ...describe(set), isTrained, sheet: describeFile(`${set.style.id}.webp`, sheet), missing });
    sheets.push({ ...describe(set), isTrained, bytes: sheet, columns: columnCount, concepts, missing });
  }
  const targets = await encodeTargets(sheets, splits.targets);
  writeFileSync(`${unfinished}/${targets.index.sheet.file}`, targets.sheet);
  writeFileSync(`${unfinished}/targets.json`, JSON.stringify(targets.index));
  const gallery = await encodeSheet(
    await Promise.all(galleryPictures.map((picture) => renderGalleryTile(sets, picture))),
  );
  writeFileSync(`${unfinished}/gallery.webp`, gallery);
  const preview = await encodePreview(gallery);
  writeFileSync(`${unfinished}/gallery-preview.webp`, preview);
  const index = {
    tileSizePx,
    columns: columnCount,
    concepts,
    styles,
    gallery: {
      sheet: describeFile('gallery.webp', gallery),
      preview: describeFile('gallery-preview.webp', preview),
      pictures: galleryPictures,
    },
  };
  writeFileSync(`${unfinished}/index.json`, JSON.stringify(index));
  const galleryIndex = {
    tileSizePx,
    columns: columnCount,
    gallery: index.gallery,
    credits: sets.map(describe),
  };
  writeFileSync(`${unfinished}/gallery.json`, JSON.stringify(galleryIndex));
  rmSync(cacheFolder, { recursive: true, force: true });
  renameSync(unfinished, cacheFolder);
}

async function renderGalleryTile(
  sets: readonly IconSet[],
  { style, concept }: GalleryPicture,
): Promise<Buffer> {
  const set = sets.find((candidate) => candidate.style.id === style);
  const tile = set && (await renderTile(set, concept));
  if (!tile)
    throw new Error(
      `Gallery picture "${concept}" does not exist in style "${style}": mend scripts/sprites/gallery.ts.`,
    );
  return tile;
}

function describe(set: IconSet) {
  return {
    id: set.style.id,
    title: set.title,
    version: set.version,
    author: set.author,
    licence: set.licence,
  };
}

function describeFile(file: string, bytes: Buffer) {
  return { file, sizeBytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}

/** Everything that the pixels depend on: split, scripts, icon set versions and the renderer's version. */
function hashInputs(splitText: string, sets: readonly IconSet[]): string {
  const hash = createHash('sha256').update(splitText);
  for (const file of [
    'build-sprites.ts',
    'sprites/icon-sets.ts',
    'sprites/render.ts',
    'sprites/gallery.ts',
    'sprites/targets.ts',
  ]) {
    hash.update(readFileSync(path(`scripts/${file}`)));
  }
  for (const set of sets) hash.update(`${set.style.packageName}@${set.version}`);
  return hash.update(JSON.stringify(sharp.versions)).digest('hex').slice(0, 16);
}

if (import.meta.main) await buildSprites();
