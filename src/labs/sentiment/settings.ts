/** Everything that a run of the sentiment figure follows from. Plain data. */
import { DOMAINS, type Domain } from '../../data/sentences/labelled.ts';

/** How the network is adapted. */
export const ways = ['head', 'last', 'all', 'scratch'] as const;

export type Way = (typeof ways)[number];

/** What sentences are about: a domain of the course, or the reader's own table. */
export const subjects = [...DOMAINS, 'own'] as const;

export type Subject = Domain | 'own';

/** Examples of each label from each source domain that can be chosen. */
export const shotChoices = [2, 5, 10, 20, 40] as const;

export type Shots = (typeof shotChoices)[number];

/** The encoders that a run can begin with: one that was fine-tuned on labelled film sentences, and the same before that. */
export const starts = ['sentiment-mini', 'bert-mini'] as const;

export type Start = (typeof starts)[number];

export interface SentimentSettings {
  readonly start: Start;
  readonly way: Way;
  /** What the sentences to learn from are about; at least one, in the order of `subjects`. */
  readonly sources: readonly Subject[];
  /** What the sentences that are asked about are about. */
  readonly target: Subject;
  /** Examples of each label from each source. */
  readonly shots: Shots;
  readonly epochs: number;
  /** Of the head; the layers below learn at a tenth of it, unless the weights are random. */
  readonly rate: number;
  readonly seed: number;
}

/** Bounds of what can be typed. */
export const bounds = { epochs: [1, 100], seed: [0, 9999], rate: [0, 100] } as const;

/** The learning rate and the epochs that a way begins with: a head alone needs many and takes no time. */
export const usual: Readonly<Record<Way, Pick<SentimentSettings, 'rate' | 'epochs'>>> = {
  head: { rate: 0.01, epochs: 40 },
  last: { rate: 0.003, epochs: 10 },
  all: { rate: 0.003, epochs: 8 },
  scratch: { rate: 0.0003, epochs: 8 },
};

/** The settings that the figure begins with. */
export const firstSettings: SentimentSettings = {
  start: 'sentiment-mini',
  way: 'head',
  sources: ['films'],
  target: 'phones',
  shots: 40,
  seed: 1,
  ...usual.head,
};

/** The settings with another way; rate and epochs follow, unless the reader had chosen them. */
export function withWay(settings: SentimentSettings, way: Way): SentimentSettings {
  const { rate, epochs } = usual[settings.way];
  const isUsual = settings.rate === rate && settings.epochs === epochs;
  return { ...settings, way, ...(isUsual && usual[way]) };
}

/** The settings with a source taken in or left out; the last one stays. */
export function withSource(settings: SentimentSettings, source: Subject, isIn: boolean): SentimentSettings {
  const sources = subjects.filter((one) => (one === source ? isIn : settings.sources.includes(one)));
  return sources.length === 0 ? settings : { ...settings, sources };
}
