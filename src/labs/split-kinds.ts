/** Two ways to hold out a part of pictures that show the same few objects again and again. */
import { seedRandom } from '../data/seeded-random.ts';

/** What is kept together when the division is drawn. */
export const splitKinds = ['picture', 'object'] as const;

export type SplitKind = (typeof splitKinds)[number];

/** For each object, whether each of its pictures is held out. */
export type Split = readonly (readonly boolean[])[];

/** Holds out one picture in three, or all pictures of one object in three, drawn by a seed. */
export function drawSplit(kind: SplitKind, objects: number, picturesEach: number, seed: number): Split {
  const random = seedRandom(seed, 'split', kind);
  const units = Array.from({ length: objects * (kind === 'picture' ? picturesEach : 1) }, (_, i) => i);
  const heldOut = new Set(random.shuffled(units).slice(0, Math.round(units.length / 3)));
  const unit = (object: number, picture: number) =>
    kind === 'picture' ? object * picturesEach + picture : object;
  return Array.from({ length: objects }, (_, object) =>
    Array.from({ length: picturesEach }, (_, picture) => heldOut.has(unit(object, picture))),
  );
}

/** Held-out pictures, and how many of them show an object that stands in the training part as well. */
export function countLeaks(split: Split): { readonly heldOut: number; readonly leaking: number } {
  const count = (row: readonly boolean[]) => row.filter(Boolean).length;
  const sum = (rows: Split) => rows.reduce((total, row) => total + count(row), 0);
  return { heldOut: sum(split), leaking: sum(split.filter((row) => row.includes(false))) };
}
