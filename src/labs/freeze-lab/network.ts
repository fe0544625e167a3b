/**
 * What the freeze lab knows about a network: its blocks, and what training may change in each. Plain data, made from the graph by
 * `describeLab` (describe-lab.ts).
 */

import type { Pooling } from '../../engine/trainer/pooled-head.ts';

/** The networks that the lab can take, by their id in the registry; the first is there from the beginning. */
export const networkIds = ['resnet-mixed', 'bert-mini', 'sentiment-mini'] as const;

export type NetworkId = (typeof networkIds)[number];

/** What a network reads, and with it what it can be taught. */
export type Reads = 'pictures' | 'texts';

/** What a network of the lab reads. */
export function readsOf(id: NetworkId): Reads {
  return id === 'resnet-mixed' ? 'pictures' : 'texts';
}

/** Word pieces of every sentence: what is shorter is filled up with padding, what is longer is cut. */
export const textLength = 48;

/** A weight that training may change. */
export interface LabWeight {
  /** As the file names it, such as `layer4.1.bn2.bias`. */
  readonly name: string;
  readonly size: number;
  /** Whether it is added (a bias), and whether it belongs to a normalisation. */
  readonly isBias: boolean;
  readonly isNorm: boolean;
}

export interface LabBlock {
  /** `stem`, `1.1` … `4.2`, `pool`, `head`; of an encoder `embeddings`, `1` … `4`, `pool`, `head`. */
  readonly id: string;
  readonly stage: number | undefined;
  /** Of its output for one example: [channels, height, width], [pieces, features] or [features]. */
  readonly shape: readonly number[];
  readonly weights: readonly LabWeight[];
  /** Names of its BatchNorms' running statistics: no weights, but training may move them. */
  readonly statistics: readonly string[];
  /** Names of its nodes. */
  readonly nodes: readonly string[];
}

export interface LabNetwork {
  readonly id: NetworkId;
  readonly reads: Reads;
  /** Classes that its new head tells apart. */
  readonly ways: number;
  /** Of a network that reads texts: where its head is put. */
  readonly pools?: Pooling | undefined;
  readonly inputShape: readonly number[];
  /** In running order; those without weights among them. */
  readonly blocks: readonly LabBlock[];
}

/** The blocks that have weights. */
export function weightyBlocks({ blocks }: LabNetwork): readonly LabBlock[] {
  return blocks.filter(({ weights }) => weights.length > 0);
}
