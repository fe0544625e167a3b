/**
 * Cuts the site's fonts down to what pages use and writes them, with their style sheets, to `<outDir>/fonts`:
 *   fonts.json            what src/site/fonts/head.ts puts into every head
 *   katex.css             KaTeX's rules with subset fonts, linked by pages that carry a formula
 *   *.woff2               named by the hash of their content
 *   OFL-*.txt             licences
 */
import { createHash } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import subsetFont from 'subset-font';
import type { FontList } from '../../src/site/fonts/head.ts';
import { FONT_FACES, type FontFace } from './font-table.ts';
import { renameFont } from './font-names.ts';
import { buildKatexStyle } from './katex-fonts.ts';
import { readFormulaSigns } from './formula-signs.ts';

/** Raise it when the way of cutting changes, so that cached results are made anew. */
const RECIPE = 2;
const CACHE = 'node_modules/.cache/thaw-fonts';
/** Kerning, ligatures, marks and table figures; small capitals, old-style figures and stylistic sets are dropped. */
const FEATURES = ['kern', 'liga', 'ccmp', 'mark', 'tnum'];
const COPYRIGHT = 'Copyright Adobe (http://www.adobe.com/). Modified: subset and instanced.';
/** Records of the `name` table that every file keeps. */
const NAME_IDS = [0, 1, 2, 3, 4, 6, 13, 14];
const packages = createRequire(import.meta.url);

/** Writes the subset fonts and their style sheets into `<outDir>/fonts`; unchanged ones come from the cache. */
export async function buildFonts(outDir: string): Promise<void> {
  const folder = join(outDir, 'fonts');
  await mkdir(folder, { recursive: true });
  await mkdir(CACHE, { recursive: true });
  const kept = new Set<string>(['fonts.json']);
  const write = async (stem: string, extension: string, bytes: Uint8Array | string): Promise<string> => {
    const file = `${stem}.${hash(bytes).slice(0, 8)}.${extension}`;
    kept.add(file);
    await writeFile(join(folder, file), bytes);
    return file;
  };

  const faces: FontList['faces'] = [];
  for (const face of FONT_FACES) {
    const bytes = await cutFace(face);
    faces.push({
      family: face.family,
      style: face.style,
      weight: face.weight,
      file: await write(face.id, 'woff2', bytes),
      unicodeRange: writeRanges(face.ranges),
      preload: face.preload,
    });
  }
  const katexStyle = await buildKatexStyle({ cut: cutCached, write }, await readFormulaSigns('content'));
  for (const source of new Set(FONT_FACES.map((face) => face.source))) {
    const licence = `OFL-${source.split('/')[1] ?? source}.txt`;
    kept.add(licence);
    await copyFile(join(packageFolder(source), 'LICENSE'), join(folder, licence));
  }
  await writeFile(
    join(folder, 'fonts.json'),
    JSON.stringify({ faces, katexStyle } satisfies FontList, null, 1),
  );
  for (const file of await readdir(folder)) if (!kept.has(file)) await rm(join(folder, file));
}

/** The value of CSS `unicode-range` for inclusive code point ranges. */
export function writeRanges(ranges: [number, number][]): string {
  const hex = (value: number): string => value.toString(16).toUpperCase();
  return ranges.map(([from, to]) => (from === to ? `U+${hex(from)}` : `U+${hex(from)}-${hex(to)}`)).join(',');
}

/** Every character of the ranges as one string. */
export function charactersOf(ranges: [number, number][]): string {
  return ranges
    .map(([from, to]) =>
      Array.from({ length: to - from + 1 }, (_, index) => String.fromCodePoint(from + index)).join(''),
    )
    .join('');
}

/** Path of the titles' font as an unpacked file, for tools that draw pictures at build time. */
export async function titleFontFile(): Promise<string> {
  await mkdir(CACHE, { recursive: true });
  const face = FONT_FACES.find(({ family }) => family === 'Thaw Display');
  if (!face) throw new Error('font-table.ts should list the family "Thaw Display".');
  const unpacked = await subsetFont(Buffer.from(await cutFace(face)), undefined, {
    targetFormat: 'sfnt',
    keepAllGlyphs: true,
    preserveNameIds: NAME_IDS,
  });
  const file = resolve(CACHE, 'thaw-display.ttf');
  await writeFile(file, unpacked);
  return file;
}

async function cutFace(face: FontFace): Promise<Uint8Array> {
  const source = await readFile(join(packageFolder(face.source), face.file));
  return cached(['face', source, JSON.stringify(face)], async () => {
    const cut = await subsetFont(source, charactersOf(face.ranges), {
      targetFormat: 'sfnt',
      variationAxes: face.axes,
      keepFeatures: FEATURES,
      noHinting: true,
    });
    const style = face.style === 'italic' ? 'Italic' : 'Regular';
    const renamed = renameFont(cut, { family: face.family, style, copyright: COPYRIGHT });
    return subsetFont(Buffer.from(renamed), undefined, {
      targetFormat: 'woff2',
      keepAllGlyphs: true,
      preserveNameIds: NAME_IDS,
    });
  });
}

/** Cuts a font to some characters, nothing else changed; from the cache where it was done before. */
async function cutCached(source: Uint8Array, characters: string): Promise<Uint8Array> {
  return cached(['cut', source, characters], () =>
    subsetFont(Buffer.from(source), characters, { targetFormat: 'woff2', noHinting: true }),
  );
}

async function cached(parts: (string | Uint8Array)[], make: () => Promise<Uint8Array>): Promise<Uint8Array> {
  const file = join(CACHE, `${hash(String(RECIPE), ...parts)}.woff2`);
  const known = await readFile(file).catch(() => undefined);
  if (known) return known;
  const bytes = await make();
  await writeFile(file, bytes);
  return bytes;
}

function hash(...parts: (string | Uint8Array)[]): string {
  const sum = createHash('sha256');
  for (const part of parts) sum.update(part);
  return sum.digest('hex');
}

function packageFolder(name: string): string {
  return dirname(packages.resolve(`${name}/package.json`));
}

if (import.meta.main) await buildFonts(process.argv[2] ?? 'public/generated');
