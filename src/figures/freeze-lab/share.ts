/** What of the lab can be shared by a link: all that a run follows from. A link never starts one. */
import { weightKinds, type WeightKind } from '../../labs/freeze-lab/choice.ts';
import { weightyBlocks, type LabNetwork } from '../../labs/freeze-lab/network.ts';
import { optimizers, type LabSettings } from '../../labs/freeze-lab/settings.ts';
import { mostShots, shotChoices, subjects, type Subject } from '../../labs/freeze-lab/task.ts';
import { oneOf, wholeNumber, type Field, type FieldTable } from '../kit/url-state.ts';

/** The settings as words and numbers. */
export interface SharedLab {
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
    read: (text) => shotChoices.find((count) => String(count) === text),
    write: String,
  };
  return {
    thaw,
    moves: oneOf(weightKinds),
    start: oneOf(['pretrained', 'random'] as const),
    subject: oneOf(subjects),
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
      shots: shotChoices.findLast((count) => count <= Math.min(all.shots, most)) ?? 1,
      seed: all.seed,
    },
    rates: { head: all.head, backbone: all.backbone },
    steps: all.steps,
    optimizer: all.optimizer,
    statistics: all.norms,
    isGradual: all.pace === 'gradual',
  };
}
