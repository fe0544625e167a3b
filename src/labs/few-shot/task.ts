/**
 * Few-shot tasks: a handful of labelled pictures to learn from (support), others to be asked about (query), nothing in both.
 * Everything is drawn from a seed, class by class, so that a task with more examples a class contains the one with fewer.
 */
import { ThawError } from '../../engine/errors.ts';
import { seedRandom, type SeededRandom } from '../../data/seeded-random.ts';
import { categoriesOf, listDrawings, type Drawing, type DrawingIndex } from './drawings.ts';

/** A class with the drawings that may teach it and those that may be asked about. The two may overlap. */
export interface Pool {
  name: string;
  teach: readonly Drawing[];
  ask: readonly Drawing[];
}

/** Which hands teach and which are asked about. */
export interface PoolStyles {
  teachStyles: readonly string[];
  askStyles: readonly string[];
}

/** How much of the pools a task takes. */
export interface TaskSize {
  /** Classes; default all. */
  ways?: number;
  /** Examples a class. */
  shots: number;
  /** Questions a class, at most; default all that are left. */
  asked?: number;
  seed: number;
  /**
   * Examples a class that are kept out of the questions; default `shots`. Tasks of one seed and one `reserved` have
   * the same questions, however many shots they have.
   */
  reserved?: number;
}

/** A drawing with the place of its class in `FewShotTask.names`. */
export interface Labelled {
  drawing: Drawing;
  label: number;
}

export interface FewShotTask {
  /** Classes in label order. */
  names: string[];
  support: Labelled[];
  query: Labelled[];
}

/** One class for each concept. */
export function conceptPools(
  index: DrawingIndex,
  concepts: readonly string[],
  { teachStyles, askStyles }: PoolStyles,
): Pool[] {
  return concepts.map((name) => ({
    name,
    teach: listDrawings(index, [name], teachStyles),
    ask: listDrawings(index, [name], askStyles),
  }));
}

/**
 * One class for each category, which holds more pictures than a concept does. Half of its concepts, drawn from the seed, teach it
 * and the others are asked about, so that no question shows a thing that was taught.
 */
export function categoryPools(
  index: DrawingIndex,
  { teachStyles, askStyles }: PoolStyles,
  seed: number,
): Pool[] {
  return categoriesOf(index).map((name) => {
    const members = index.concepts.filter(({ category }) => category === name).map((concept) => concept.name);
    const mixed = seedRandom(seed, 'halves', name).shuffled(members);
    const half = Math.ceil(mixed.length / 2);
    return {
      name,
      teach: listDrawings(index, mixed.slice(0, half), teachStyles),
      ask: listDrawings(index, mixed.slice(half), askStyles),
    };
  });
}

/** `count` concepts drawn from the seed, of one category or of all; in the order of the index. Takes all if there are fewer. */
export function drawConcepts(
  index: DrawingIndex,
  { category, count, seed }: { category?: string | undefined; count: number; seed: number },
): string[] {
  const members = index.concepts
    .filter((concept) => category === undefined || concept.category === category)
    .map(({ name }) => name);
  const drawn = new Set(seedRandom(seed, 'concepts').shuffled(members).slice(0, count));
  return members.filter((name) => drawn.has(name));
}

/**
 * A task drawn from the pools. Throws ThawErrors 'bad-input': fewer than two classes, a class asked for twice, or fewer drawings
 * than examples.
 */
export function sampleTask(pools: readonly Pool[], size: TaskSize): FewShotTask {
  const { ways = pools.length, shots, asked = Infinity, seed, reserved = shots } = size;
  const taken = seedRandom(seed, 'ways').shuffled(pools).slice(0, ways);
  const chosen = pools.filter((pool) => taken.includes(pool));
  check(chosen, ways, shots, reserved);
  const parts = chosen.map((pool, label) => {
    const random = seedRandom(seed, 'class', pool.name);
    const kept = random.shuffled(pool.teach).slice(0, reserved);
    const keptTiles = new Set(kept.map(({ tile }) => tile));
    const rest = takeMixed(
      pool.ask.filter(({ tile }) => !keptTiles.has(tile)),
      asked,
      random,
    );
    const withLabel = (drawing: Drawing): Labelled => ({ drawing, label });
    return { support: kept.slice(0, shots).map(withLabel), query: rest.map(withLabel) };
  });
  return {
    names: chosen.map(({ name }) => name),
    support: parts.flatMap(({ support }) => support),
    query: parts.flatMap(({ query }) => query),
  };
}

function takeMixed<T>(items: readonly T[], count: number, random: SeededRandom): T[] {
  return random.shuffled(items).slice(0, Math.min(count, items.length));
}

function check(pools: readonly Pool[], ways: number, shots: number, reserved: number): void {
  const refuse = (message: string, advice: string): never => {
    throw new ThawError({ code: 'bad-input', message, advice });
  };
  const names = pools.map(({ name }) => name);
  const twin = names.find((name, i) => names.indexOf(name) !== i);
  if (twin !== undefined) refuse(`Two classes are called “${twin}”.`, 'Give each class a name of its own.');
  if (pools.length < Math.max(2, ways))
    refuse(
      `A task needs at least ${Math.max(2, ways)} classes; ${pools.length} are there.`,
      'Choose more classes.',
    );
  if (shots < 1 || reserved < shots)
    refuse(`${shots} examples a class cannot be drawn.`, 'Choose at least one.');
  const poor = pools.find(({ teach }) => teach.length < reserved);
  if (poor)
    refuse(
      `“${poor.name}” has ${poor.teach.length} drawings to learn from, ${reserved} are asked for.`,
      'Choose fewer examples a class, or more styles.',
    );
}
