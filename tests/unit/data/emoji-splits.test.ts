/** Nothing that is kept for measuring reaches a training: no concept, no relative of one, no style, no twin drawing. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';

interface Splits {
  trainingStyles: string[];
  heldOutStyles: string[];
  trainingConcepts: string[];
  targets: { name: string; category: string; photoClasses: string[]; kin: string[] }[];
  setAside: Record<string, string>;
}

interface SpriteIndex {
  columns: number;
  concepts: string[];
  styles: { id: string; isTrained: boolean; sheet: { file: string }; missing: string[] }[];
}

const at = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const readJson = (path: string) => JSON.parse(readFileSync(at(path), 'utf8')) as unknown;
const splits = readJson('src/data/emoji-splits.json') as Splits;

test('no concept is trained and held out at once, nor is a relative of a target', () => {
  const trained = new Set(splits.trainingConcepts);
  for (const { name, kin } of splits.targets)
    for (const held of [name, ...kin]) assert.ok(!trained.has(held), `${held} is trained`);
  for (const name of Object.keys(splits.setAside)) assert.ok(!trained.has(name), `${name} is trained`);
  assert.equal(trained.size, splits.trainingConcepts.length, 'a training concept stands twice');
});

test('at least 60 targets over five categories, eight or more in each', () => {
  assert.ok(splits.targets.length >= 60);
  const counts = Map.groupBy(splits.targets, (target) => target.category);
  assert.deepEqual([...counts.keys()], ['animals', 'food', 'vehicles', 'objects', 'plants']);
  for (const [category, targets] of counts) assert.ok(targets.length >= 8, category);
});

test('animals and their faces fall on the same side', () => {
  const targets = new Set(splits.targets.flatMap(({ name, kin }) => [name, ...kin]));
  const names = [...splits.trainingConcepts, ...targets];
  for (const face of names.filter((name) => name.endsWith('-face'))) {
    const base = face.replace(/-face$/, '');
    if (names.includes(base)) assert.equal(targets.has(face), targets.has(base), `${face} and ${base}`);
  }
});

test('people by skin and gender, flags, clocks and keycaps are in neither part', () => {
  const names = [...splits.trainingConcepts, ...splits.targets.map(({ name }) => name)];
  assert.deepEqual(
    names.filter((name) =>
      /skin-tone|^(man|woman|men|women|boy|girl)\b|\bflag\b|oclock|thirty$|^keycap/.test(name),
    ),
    [],
  );
});

test('styles of one family are on one side', () => {
  for (const [one, other] of [
    ['noto', 'noto-v1'],
    ['emojione', 'emojione-v1'],
    ['fluent-emoji', 'fluent-emoji-flat'],
  ] as const)
    assert.equal(splits.trainingStyles.includes(one), splits.trainingStyles.includes(other));
});

/** The smallest distance seen is 0.043, between two plain clouds; the same drawing in two sets is below 0.02. */
const twinDistance = 0.03;
const thumbSize = 16;
const hasSheets = existsSync(at('public/sprites/index.json'));

test(
  'no drawing is a pixel twin of one on the other side',
  { skip: !hasSheets && 'the sprite sheets are not built' },
  async () => {
    const index = readJson('public/sprites/index.json') as SpriteIndex;
    const targets = new Set(splits.targets.map(({ name }) => name));
    const trained: Drawing[] = [];
    const held: Drawing[] = [];
    for (const style of index.styles)
      for (const drawing of await readThumbs(index, style))
        (style.isTrained && !targets.has(drawing.concept) ? trained : held).push(drawing);
    assert.ok(trained.length > 2500 && held.length > 2000, 'the sheets are not the ones of this split');
    const twins = held.flatMap((one) =>
      trained
        .filter((other) => areTwins(one.pixels, other.pixels))
        .map((other) => `${one.concept} in ${one.style} and ${other.concept} in ${other.style}`),
    );
    assert.deepEqual(twins, []);
  },
);

test('the twin check notices a slightly changed copy', () => {
  const pixels = Float32Array.from({ length: thumbSize * thumbSize * 3 }, (_, i) => ((i * 37) % 256) / 255);
  assert.ok(
    areTwins(
      pixels,
      pixels.map((value) => value + 0.01),
    ),
  );
  assert.ok(
    !areTwins(
      pixels,
      pixels.map((value) => value + 0.05),
    ),
  );
});

interface Drawing {
  concept: string;
  style: string;
  /** 0 … 1, [16, 16, 3] */
  pixels: Float32Array;
}

async function readThumbs(index: SpriteIndex, style: SpriteIndex['styles'][number]): Promise<Drawing[]> {
  const width = index.columns * thumbSize;
  const height = Math.ceil(index.concepts.length / index.columns) * thumbSize;
  const sheet = await sharp(at(`public/sprites/${style.sheet.file}`))
    .removeAlpha()
    .resize(width, height, { kernel: 'linear', fit: 'fill' })
    .raw()
    .toBuffer();
  const missing = new Set(style.missing);
  return index.concepts.flatMap((concept, place) => {
    if (missing.has(concept)) return [];
    const left = (place % index.columns) * thumbSize;
    const top = Math.floor(place / index.columns) * thumbSize;
    const pixels = new Float32Array(thumbSize * thumbSize * 3);
    for (let y = 0; y < thumbSize; y++) {
      const start = ((top + y) * width + left) * 3;
      for (let i = 0; i < thumbSize * 3; i++) pixels[y * thumbSize * 3 + i] = (sheet[start + i] ?? 0) / 255;
    }
    return [{ concept, style: style.id, pixels }];
  });
}

/** Whether the root mean square difference of two thumbnails is below the limit; gives up as soon as it cannot be. */
function areTwins(a: Float32Array, b: Float32Array): boolean {
  const limit = twinDistance ** 2 * a.length;
  let sum = 0;
  for (let i = 0; i < a.length; i++) {
    sum += ((a[i] ?? 0) - (b[i] ?? 0)) ** 2;
    if (sum > limit) return false;
  }
  return true;
}
