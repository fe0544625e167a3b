/** What of the lab can be shared by a link: all that a run follows from. A link never starts one. */
import { weightKinds, type WeightKind } from '../../labs/freeze-lab/choice.ts';
import { networkIds, weightyBlocks, type LabNetwork, type NetworkId } from '../../labs/freeze-lab/network.ts';
import { optimizers, type LabSettings } from '../../labs/freeze-lab/settings.ts';
import {
  mostShots,
  shotChoices,
  subjectsOf,
  type Shots,
  type Subject,
} from '../../labs/freeze-lab/task-choice.ts';
import { oneOf, wholeNumber, type Field, type FieldTable } from '../kit/url-state.ts';

/** The settings as words and numbers. */
export interface SharedLab {
  network: NetworkId;
  /** Ids of the thawed blocks, `_` between them; `none`. */
  thaw: string;
  moves: WeightKind;
  start: 'pretrained' | 'random';
  subject: Subject;
  shots: number;
  seed: number;
  head: number;
  backbone: number;
  steps: number;
  optimizer: LabSettings['optimizer'];
  norms: 'stored' | 'batch';
  pace: 'once' | 'gradual';
}

/** Steps and learning rates that can be asked for. */
export const bounds = { steps: [1, 400], seed: [0, 9999], rate: [0, 1000] } as const;

/** The part of the table that says which network it is; the rest depends on it. */
export const networkField: FieldTable<Pick<SharedLab, 'network'>> = { network: oneOf(networkIds) };

/** The table of what can be shared. */
export function labFields(network: LabNetwork): FieldTable<SharedLab> {
  const ids = weightyBlocks(network).map(({ id }) => id);
  const thaw: Field<string> = {
    read: (text) => {
      const chosen = text.split('_');
      const isKnown = text === 'none' || chosen.every((id) => ids.includes(id));
      return isKnown ? ids.filter((id) => chosen.includes(id)).join('_') || 'none' : undefined;
    },
    write: String,
  };
  const rate: Field<number> = { read: readRate, write: String };
  const shots: Field<number> = {
    read: (text) => shotChoices[network.reads].find((count) => String(count) === text),
    write: String,
  };
  return {
    ...networkField,
    thaw,
    moves: oneOf(weightKinds),
    start: oneOf(['pretrained', 'random'] as const),
    subject: oneOf(subjectsOf(network.reads)),
    shots,
    seed: wholeNumber(...bounds.seed),
    head: rate,
    backbone: rate,
    steps: wholeNumber(...bounds.steps),
    optimizer: oneOf(optimizers),
    norms: oneOf(['stored', 'batch'] as const),
    pace: oneOf(['once', 'gradual'] as const),
  };
}

/** A learning rate from what somebody typed; undefined for what is none. */
export function readRate(text: string): number | undefined {
  const value = Number(text.trim().replace(',', '.'));
  const [least, most] = bounds.rate;
  return /\d/.test(text) && value >= least && value <= most ? value : undefined;
}

/** The settings as they are shared. */
export function toShared(network: LabNetwork, settings: LabSettings): SharedLab {
  const { choice, task, rates, steps, optimizer, statistics, isGradual } = settings;
  const ids = weightyBlocks(network).map(({ id }) => id);
  return {
    network: network.id,
    thaw: ids.filter((id) => choice.thawed.has(id)).join('_') || 'none',
    moves: choice.kinds,
    start: choice.start,
    ...task,
    ...rates,
    steps,
    optimizer,
    norms: statistics,
    pace: isGradual ? 'gradual' : 'once',
  };
}

/** The settings with what a link sets; a number of examples that the subject does not have is lowered. */
export function fromShared(
  network: LabNetwork,
  settings: LabSettings,
  shared: Partial<SharedLab>,
): LabSettings {
  const all = { ...toShared(network, settings), ...shared };
  const most = mostShots(all.subject);
  return {
    choice: {
      thawed: new Set(all.thaw.split('_').filter((id) => id !== 'none')),
      kinds: all.moves,
      start: all.start,
    },
    task: {
      subject: all.subject,
      shots: nearestShots(network, Math.min(all.shots, most)),
      seed: all.seed,
    },
    rates: { head: all.head, backbone: all.backbone },
    steps: all.steps,
    optimizer: all.optimizer,
    statistics: all.norms,
    isGradual: all.pace === 'gradual',
  };
}

/** The most examples a class that can be chosen and are not more than these. */
function nearestShots({ reads }: LabNetwork, most: number): Shots {
  return shotChoices[reads].findLast((count) => count <= most) ?? shotChoices[reads][0];
}
