/**
 * What a figure says about a network, as plain data: its blocks, every tensor with shape, parameters and MACs, and
 * which weights each approach trains. Made from the ONNX file by `describeNetwork` (describe-network.ts).
 */

import type { Manifest } from '../engine/registry/manifest.ts';

/** The three ways of training that the course compares. */
export const approaches = ['feature-extractor', 'fine-tuning', 'from-scratch'] as const;

export type Approach = (typeof approaches)[number];

/** One node of the network and the tensor that it makes. */
export interface TensorDescription {
  /** Name of the node and of its output value, such as `layer2.0.conv1`. */
  name: string;
  /** ONNX operator. */
  op: string;
  /** Edge of the convolution's or pooling's window and its stride; absent for other operators. */
  kernel?: number;
  stride?: number;
  /** Shape for one picture, the batch axis left out. */
  shape: number[];
  /** Weights that training may move; running statistics of batch normalisation do not count. */
  parameters: number;
  /** Multiply-accumulate operations for one picture. */
  macs: number;
}

export type BlockKind = 'stem' | 'residual' | 'stage' | 'inception' | 'embedding' | 'layer' | 'pool' | 'head';

/** A run of nodes that readers look at as one thing. */
export interface BlockDescription {
  /** `stem`, `1.1` … `4.2`, `pool`, `head`: the name in address and drawing. */
  id: string;
  kind: BlockKind;
  /** The value that leaves the block. */
  output: string;
  /** Its shape for one picture, [channels, height, width] or [features]. */
  shape: number[];
  parameters: number;
  macs: number;
  /** Edge in pixels of the part of the picture that one value of the output depends on, borders left out of account. */
  receptiveField: number;
  /** Pixels from the field of one place to the next one's, and the first pixel that place 0 sees (negative: in the border). */
  fieldStep: number;
  fieldStart: number;
  tensors: TensorDescription[];
}

export interface NetworkDescription {
  id: string;
  title: string;
  inputShape: [number, number, number];
  classes: number;
  parameters: number;
  macs: number;
  blocks: BlockDescription[];
  /** For each approach the blocks whose weights move, and how many weights that is. */
  training: Record<Approach, { blocks: string[]; parameters: number }>;
  /** Known from its manifest only: one block, until the file itself is here. */
  isOutline?: true;
}

/** What is known of a network before its file is here: one block that is all of it. */
export function outlineNetwork({
  id,
  title,
  input,
  output,
  parameters,
  macs,
}: Pick<Manifest, 'id' | 'title' | 'input' | 'output' | 'parameters' | 'macs'>): NetworkDescription {
  const [, channels, height, width] = input.shape;
  const untold = { blocks: [], parameters: 0 };
  return {
    id,
    title,
    inputShape: [channels, height, width],
    classes: output.classes,
    parameters,
    macs,
    blocks: [
      {
        id: 'network',
        kind: 'head',
        output: output.name,
        shape: [output.classes],
        parameters,
        macs,
        receptiveField: 0,
        fieldStep: 0,
        fieldStart: 0,
        tensors: [],
      },
    ],
    training: { 'feature-extractor': untold, 'fine-tuning': untold, 'from-scratch': untold },
    isOutline: true,
  };
}

/** Whether the network computes in 8 bits as it stands, so that no weights can be drawn anew in its place. */
export function isEightBit({ blocks }: NetworkDescription): boolean {
  return blocks.some(({ tensors }) => tensors.some(({ op }) => op.startsWith('QLinear')));
}

/** The block with this id. Throws a RangeError naming the ones that exist. */
export function findBlock(network: NetworkDescription, id: string): BlockDescription {
  const block = network.blocks.find((candidate) => candidate.id === id);
  if (!block)
    throw new RangeError(
      `No block "${id}" in ${network.id}; it has ${network.blocks.map(({ id }) => id).join(', ')}.`,
    );
  return block;
}
