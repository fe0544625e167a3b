/** The figure's state: a network that the reader brought, what is chosen for its inputs, and what was computed. */
import type { InputChoice } from '../../labs/own-model/make-inputs.ts';
import type { GraphInput } from '../../labs/own-model/graph-inputs.ts';
import type { CheckedValue, FileRun, OpenedFile } from '../../labs/own-model/protocol.ts';
import { onlyHead, countTraining } from '../../labs/atlas-training.ts';
import type { FigureStatus } from '../kit/figure-element.ts';
import type { Progress } from '../kit/progress.ts';
import { firstLook, firstState as firstAtlas, type AtlasState } from '../model-atlas/model.ts';

export type { FileRun, CheckedValue, OpenedFile } from '../../labs/own-model/protocol.ts';
export type { GraphInput, Fill } from '../../labs/own-model/graph-inputs.ts';
export type { InputChoice } from '../../labs/own-model/make-inputs.ts';
export { countTraining, onlyHead };

/** What went wrong, in words for the reader. */
export interface Problem {
  message: string;
  advice: string;
  details: string;
}

/** How a picture is made ready; numbers as the reader typed them. */
export interface PictureFields {
  fit: 'crop' | 'contain' | 'stretch';
  channels: 'rgb' | 'bgr' | 'grey';
  layout: 'nchw' | 'nhwc';
  divisor: string;
  mean: string;
  std: string;
}

/** Preparations that many networks were trained with. */
export const presets = {
  unit: { divisor: '255', mean: '0', std: '1' },
  imagenet: { divisor: '255', mean: '0.485, 0.456, 0.406', std: '0.229, 0.224, 0.225' },
  signed: { divisor: '127.5', mean: '1', std: '1' },
  bytes: { divisor: '1', mean: '0', std: '1' },
} as const;
export type PresetName = keyof typeof presets;

export interface OwnState {
  status: FigureStatus;
  /** What is being done while the status is `loading` or `running`. */
  doing: 'opening' | 'fetching' | 'running' | 'checking' | undefined;
  problem: Problem | undefined;
  progress: Progress | undefined;
  /** Name of the file and bytes of all that came with it. */
  file: { name: string; opened: OpenedFile } | undefined;
  atlas: AtlasState | undefined;
  inputs: Readonly<Record<string, InputChoice>>;
  picture: { name: string; width: number; height: number } | undefined;
  pictureFields: PictureFields;
  text: string;
  vocabulary: { kind: 'wordpiece' | 'byte-bpe'; size: number; tokens: number } | undefined;
  lowerCase: boolean;
  seed: string;
  run: FileRun | undefined;
  checked: readonly CheckedValue[] | undefined;
  /** What the first run fetches, as a size in words. */
  runtimeSize: string;
}

/** Before the reader has brought anything. */
export function firstState(runtimeSize = ''): OwnState {
  return {
    status: 'idle',
    doing: undefined,
    problem: undefined,
    progress: undefined,
    file: undefined,
    atlas: undefined,
    inputs: {},
    picture: undefined,
    pictureFields: { fit: 'crop', channels: 'rgb', layout: 'nchw', ...presets.imagenet },
    text: '',
    vocabulary: undefined,
    lowerCase: true,
    seed: '1',
    run: undefined,
    checked: undefined,
    runtimeSize,
  };
}

/** The state in which a network has just been opened: its stages, everything frozen but the head, inputs as they seem meant. */
export function openedState(name: string, opened: OpenedFile): Partial<OwnState> {
  const { network, inputs } = opened;
  const first = inputs.find(({ fills }) => fills.includes('picture'));
  const state = firstState();
  return {
    status: 'ready',
    doing: undefined,
    problem: undefined,
    file: { name, opened },
    atlas: network.boxes.length === 0 ? undefined : atlasOf(opened),
    inputs: Object.fromEntries(
      inputs.map((input) => [input.name, { fill: input.guess, shape: input.shape.join('×') }]),
    ),
    pictureFields: {
      ...state.pictureFields,
      layout: first?.isChannelsLast ? 'nhwc' : 'nchw',
      ...(first?.dtype === 'uint8' && presets.bytes),
    },
    run: undefined,
    checked: undefined,
  };
}

function atlasOf({ network }: OpenedFile): AtlasState {
  return {
    ...firstAtlas(network),
    trainable: onlyHead(network),
    look: firstLook(),
  };
}

/** The preset whose numbers stand in the fields, if any. */
export function presetOf({ divisor, mean, std }: PictureFields): PresetName | undefined {
  return (Object.keys(presets) as PresetName[]).find((name) => {
    const preset = presets[name];
    return preset.divisor === divisor && preset.mean === mean && preset.std === std;
  });
}

/** One to three numbers in a text such as `0.485, 0.456, 0.406`; undefined where it is none. */
export function readNumbers(text: string): number[] | undefined {
  const numbers = text
    .trim()
    .split(/[\s,;]+/)
    .map((part) => (/^[-−+]?(\d+\.?\d*|\.\d+)(e-?\d+)?$/i.test(part) ? Number(part.replace('−', '-')) : NaN));
  return numbers.length >= 1 && numbers.length <= 4 && numbers.every(Number.isFinite) ? numbers : undefined;
}

/** Whether some input is filled from a picture, from a text, or by the generator. */
export function usesFill({ inputs }: Pick<OwnState, 'inputs'>, kinds: readonly string[]): boolean {
  return Object.values(inputs).some(({ fill }) => kinds.includes(fill));
}

/** The inputs once a picture is there: the first that can hold one takes it. */
export function withPicture(inputs: OwnState['inputs'], all: readonly GraphInput[]): OwnState['inputs'] {
  if (Object.values(inputs).some(({ fill }) => fill === 'picture')) return inputs;
  const first = all.find(({ fills }) => fills.includes('picture'));
  return first ? { ...inputs, [first.name]: { ...inputs[first.name], fill: 'picture' } } : inputs;
}

/** The inputs once a vocabulary is there: each takes the part of the text that its name asks for. */
export function withText(inputs: OwnState['inputs'], all: readonly GraphInput[]): OwnState['inputs'] {
  const roles: [RegExp, InputChoice['fill']][] = [
    [/mask/i, 'mask'],
    [/token_?type|segment/i, 'segments'],
    [/position/i, 'positions'],
    [/./, 'ids'],
  ];
  const filled = all
    .filter(({ fills }) => fills.includes('ids'))
    .map(({ name }): [string, InputChoice] => {
      const fill = roles.find(([pattern]) => pattern.test(name))?.[1] ?? 'ids';
      return [name, { ...inputs[name], fill }];
    });
  return { ...inputs, ...Object.fromEntries(filled) };
}

/** Names of the values that operators compute, in order; for a look at all of them. */
export function computedValues({ atlas }: OwnState): string[] {
  return [
    ...new Set(atlas?.network.boxes.filter(({ op }) => op !== undefined).flatMap(({ outputs }) => outputs)),
  ];
}
