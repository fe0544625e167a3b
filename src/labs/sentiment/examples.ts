/** Which sentences teach and which are asked about: drawn from a seed, domain by domain, nothing in both. */
import { JUDGEMENTS, type LabelledSentence } from '../../data/sentences/labelled.ts';
import { seedRandom } from '../../data/seeded-random.ts';
import { ThawError } from '../../engine/errors.ts';
import type { Subject } from './settings.ts';

/** Sentences by what they are about; those that are not there cannot be chosen. */
export type Library = Readonly<Partial<Record<Subject, readonly LabelledSentence[]>>>;

/** A sentence with the place of its label in JUDGEMENTS, and what it is about. */
export interface Example {
  readonly sentence: string;
  readonly label: number;
  readonly subject: Subject;
}

/** Half of a domain's sentences, label by label, teach; the other half is asked about. */
export interface Halves {
  readonly teach: readonly Example[];
  readonly ask: readonly Example[];
}

/** The halves of a domain under a seed: labels by turns, so that any beginning is balanced as far as the sentences are. */
export function halve(library: Library, subject: Subject, seed: number): Halves {
  const sentences = library[subject];
  if (!sentences || sentences.length === 0)
    throw new ThawError({
      code: 'bad-input',
      message: 'There are no sentences of your own yet.',
      advice: 'Paste or drop a table with the columns text and label, or choose another domain.',
    });
  const perLabel = JUDGEMENTS.map((name, label) => {
    const all = sentences
      .filter((one) => one.label === name)
      .map(({ sentence }): Example => ({ sentence, label, subject }));
    const mixed = seedRandom(seed, 'halves', subject, name).shuffled(all);
    const half = Math.ceil(mixed.length / 2);
    return { teach: mixed.slice(0, half), ask: mixed.slice(half) };
  });
  return {
    teach: byTurns(perLabel.map(({ teach }) => teach)),
    ask: byTurns(perLabel.map(({ ask }) => ask)),
  };
}

/** The task of some settings. Tasks that differ only in sources, examples or way ask the same questions. */
export function drawExamples(
  library: Library,
  { sources, target, shots, seed }: Task,
): { train: readonly Example[]; heldOut: readonly Example[] } {
  const train = sources.flatMap((source) => {
    const { teach } = halve(library, source, seed);
    const counts = JUDGEMENTS.map(() => 0);
    return teach.filter(({ label }) => counts[label]++ < shots);
  });
  return { train, heldOut: halve(library, target, seed).ask };
}

/** The part of the settings that says which sentences. */
export interface Task {
  readonly sources: readonly Subject[];
  readonly target: Subject;
  readonly shots: number;
  readonly seed: number;
}

function byTurns<T>(lists: readonly (readonly T[])[]): T[] {
  const longest = Math.max(...lists.map(({ length }) => length));
  return Array.from({ length: longest }, (_, at) =>
    lists.flatMap((list) => (at < list.length ? [list[at]] : [])),
  ).flat();
}
