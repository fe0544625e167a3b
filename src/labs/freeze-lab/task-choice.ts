/** Which few-shot task a run is about, as plain data: nothing here needs a picture or a sentence. */
import { DOMAINS, JUDGEMENTS } from '../../data/sentences/labelled.ts';
import type { Reads } from './network.ts';

/**
 * What the classes of a task of pictures are: five things of one category, shown by the hands that the network knows and asked about in
 * others; or the categories themselves, asked about with things that were not shown.
 */
export const subjects = ['animals', 'food', 'objects', 'vehicles', 'plants', 'kinds'] as const;

export type PictureSubject = (typeof subjects)[number];

/** What a task is about; sentences are judged negative or positive, and their subject is what they speak of. */
export type Subject = PictureSubject | (typeof DOMAINS)[number];

/** The subjects of what a network reads. */
export function subjectsOf(reads: Reads): readonly Subject[] {
  return reads === 'texts' ? DOMAINS : subjects;
}

/** Examples a class that can be chosen. */
export const shotChoices = { pictures: [1, 2, 5, 10], texts: [5, 10, 20, 40] } as const;

export type Shots = 1 | 2 | 5 | 10 | 20 | 40;

/** The most examples a class that a subject has: a single thing has not more than five drawings to learn from. */
export function mostShots(subject: Subject): Shots {
  if (subject === 'kinds') return 10;
  return subjects.some((one) => one === subject) ? 5 : 40;
}

export interface TaskChoice {
  readonly subject: Subject;
  readonly shots: Shots;
  readonly seed: number;
}

/** Classes of every task of pictures. */
export const ways = 5;

/** Classes that a network is taught to tell apart. */
export function waysOf(reads: Reads): number {
  return reads === 'texts' ? JUDGEMENTS.length : ways;
}
