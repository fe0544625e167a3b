/** Which weights move: a choice over blocks, as presets or one by one, and what it means as groups of a training. */
import type { LearningGroup } from '../../engine/trainer/types.ts';
import { weightyBlocks, type LabBlock, type LabNetwork } from './network.ts';

/** What moves inside a thawed block; a thawed head moves whole, since it is new. */
export const weightKinds = ['all', 'biases', 'norms'] as const;

export type WeightKind = (typeof weightKinds)[number];

/** Which weights move and from where they start. */
export interface Choice {
  /** Ids of the blocks that are thawed. */
  readonly thawed: ReadonlySet<string>;
  readonly kinds: WeightKind;
  readonly start: 'pretrained' | 'random';
}

/** The ready choices, in the order in which they are offered. */
export const presets = [
  'head',
  'last-block',
  'last-stage',
  'half',
  'all',
  'scratch',
  'biases',
  'norms',
] as const;

export type Preset = (typeof presets)[number];

/** What a preset chooses. */
export function choiceOf(network: LabNetwork, preset: Preset): Choice {
  const blocks = weightyBlocks(network);
  const lastStage = Math.max(...blocks.map(({ stage }) => stage ?? 0));
  const upper = Math.ceil(lastStage / 2);
  const lastBlock = blocks.findLast(({ stage }) => stage !== undefined);
  const isChosen: Record<Preset, (block: LabBlock) => boolean> = {
    head: () => false,
    'last-block': (block) => block === lastBlock,
    'last-stage': ({ stage }) => stage === lastStage,
    half: ({ stage }) => stage !== undefined && stage > upper,
    all: () => true,
    scratch: () => true,
    biases: () => true,
    norms: () => true,
  };
  const thawed = blocks.filter((block) => block === blocks.at(-1) || isChosen[preset](block));
  return {
    thawed: new Set(thawed.map(({ id }) => id)),
    kinds: preset === 'biases' || preset === 'norms' ? preset : 'all',
    start: preset === 'scratch' ? 'random' : 'pretrained',
  };
}

/** The presets of a network: what chooses the same as an earlier one is left out, as the last stage where a stage is one block. */
export function presetsOf(network: LabNetwork): readonly Preset[] {
  const choices = presets.map((preset) => choiceOf(network, preset));
  return presets.filter((_, at) => !choices.slice(0, at).some((one) => isSame(one, choices[at])));
}

/** The preset that chooses exactly this; undefined for the reader's own choice. */
export function presetOf(network: LabNetwork, choice: Choice): Preset | undefined {
  return presets.find((preset) => isSame(choiceOf(network, preset), choice));
}

/** Whether two choices move the same weights from the same start. */
export function isSame(one: Choice, other: Choice): boolean {
  return (
    one.kinds === other.kinds &&
    one.start === other.start &&
    one.thawed.size === other.thawed.size &&
    [...one.thawed].every((id) => other.thawed.has(id))
  );
}

/** The choice with one block frozen or thawed. */
export function withBlock(choice: Choice, id: string, isThawed: boolean): Choice {
  const thawed = new Set(choice.thawed);
  if (isThawed) thawed.add(id);
  else thawed.delete(id);
  return { ...choice, thawed };
}

/** The names of a block's weights that move under a choice. */
export function movingIn(network: LabNetwork, block: LabBlock, { thawed, kinds }: Choice): readonly string[] {
  if (!thawed.has(block.id)) return [];
  const isHead = block === weightyBlocks(network).at(-1);
  const moves = block.weights.filter(
    ({ isBias, isNorm }) => isHead || kinds === 'all' || (kinds === 'biases' ? isBias : isNorm),
  );
  return moves.map(({ name }) => name);
}

/** How a block is treated: `mixed` where only some of its weights move, `plain` where there are none. */
export type BlockState = 'frozen' | 'trainable' | 'mixed' | 'plain';

/** The state of a block under a choice. */
export function stateOf(network: LabNetwork, block: LabBlock, choice: Choice): BlockState {
  if (block.weights.length === 0) return 'plain';
  const moving = movingIn(network, block, choice).length;
  if (moving === 0) return 'frozen';
  return moving === block.weights.length ? 'trainable' : 'mixed';
}

/** Learning rates of the new head and of everything below it. */
export interface Rates {
  readonly head: number;
  readonly backbone: number;
}

/** The weights that move, in two groups with a rate each; a group without weights is left out. */
export function groupsOf(network: LabNetwork, choice: Choice, rates: Rates): readonly LearningGroup[] {
  const blocks = weightyBlocks(network);
  const head = blocks.slice(-1);
  const backbone = blocks.slice(0, -1);
  const group = (id: keyof Rates, part: readonly LabBlock[]): LearningGroup => ({
    id,
    weights: part.flatMap((block) => movingIn(network, block, choice)),
    learningRate: rates[id],
  });
  return [group('head', head), group('backbone', backbone)].filter(({ weights }) => weights.length > 0);
}

/**
 * The choices of gradual unfreezing (Howard and Ruder 2018), from the top down: the head, then one more stage in each phase, until
 * everything moves that the choice names.
 */
export function gradualChoices(network: LabNetwork, choice: Choice): readonly Choice[] {
  const steps: string[][] = [];
  let last: string | undefined;
  for (const { id, stage } of weightyBlocks(network).toReversed()) {
    if (!choice.thawed.has(id)) continue;
    const key = stage === undefined ? id : `stage ${stage}`;
    if (key === last) steps.at(-1)?.push(id);
    else steps.push([id]);
    last = key;
  }
  return steps.map((_, at) => ({ ...choice, thawed: new Set(steps.slice(0, at + 1).flat()) }));
}
