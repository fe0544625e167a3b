/** What of the figure can be shared by a link: all that a run follows from. A link never starts one. */
import { DOMAINS } from '../../data/sentences/labelled.ts';
import {
  bounds,
  shotChoices,
  starts,
  subjects,
  ways,
  type SentimentSettings,
  type Start,
  type Subject,
  type Way,
} from '../../labs/sentiment/settings.ts';
import { oneOf, wholeNumber, type Field, type FieldTable } from '../kit/url-state.ts';

/** The settings as words and numbers. */
export interface Shared {
  start: Start;
  way: Way;
  /** Source domains, `_` between them. */
  from: string;
  to: Subject;
  shots: number;
  epochs: number;
  rate: number;
  seed: number;
}

const sources: Field<string> = {
  read: (text) => {
    const asked = text.split('_');
    const isKnown = asked.every((one) => DOMAINS.some((domain) => domain === one));
    return isKnown ? DOMAINS.filter((domain) => asked.includes(domain)).join('_') : undefined;
  },
  // the reader's own sentences stay with the reader
  write: (value) => (value.includes('own') ? '' : value),
};

const shots: Field<number> = {
  read: (text) => shotChoices.find((count) => String(count) === text),
  write: String,
};

export const sharedFields: FieldTable<Shared> = {
  start: oneOf(starts),
  way: oneOf(ways),
  from: sources,
  to: { read: (text) => DOMAINS.find((domain) => domain === text), write: (to) => (to === 'own' ? '' : to) },
  shots,
  epochs: wholeNumber(...bounds.epochs),
  rate: { read: readRate, write: String },
  seed: wholeNumber(...bounds.seed),
};

/** A learning rate from what somebody typed; undefined for what is none. */
export function readRate(text: string): number | undefined {
  const value = Number(text.trim().replace(',', '.'));
  const [least, most] = bounds.rate;
  return /\d/.test(text) && value >= least && value <= most ? value : undefined;
}

/** The settings as they are shared. */
export function toShared({ sources: from, target, ...rest }: SentimentSettings): Shared {
  return { ...rest, from: from.join('_'), to: target };
}

/** The settings with what a link sets. */
export function fromShared(settings: SentimentSettings, shared: Partial<Shared>): SentimentSettings {
  const { from, to, shots: asked, ...rest } = { ...toShared(settings), ...shared };
  const names = from.split('_');
  return {
    ...rest,
    sources: subjects.filter((subject) => names.includes(subject)),
    target: to,
    shots: shotChoices.find((count) => count === asked) ?? settings.shots,
  };
}
