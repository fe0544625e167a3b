/**
 * What the freeze lab knows about a network: its blocks, and what training may change in each. Plain data, made from the graph by
 * `describeLab` (describe-lab.ts).
 */

/** A weight that training may change. */
export interface LabWeight {
  /** As the file names it, such as `layer4.1.bn2.bias`. */
  readonly name: string;
  readonly size: number;
  /** Whether it is added (a bias), and whether it belongs to a BatchNorm. */
  readonly isBias: boolean;
  readonly isNorm: boolean;
}

export interface LabBlock {
  /** `stem`, `1.1` … `4.2`, `pool`, `head`. */
  readonly id: string;
  readonly stage: number | undefined;
  /** Of its output for one picture: [channels, height, width] or [features]. */
  readonly shape: readonly number[];
  readonly weights: readonly LabWeight[];
  /** Names of its BatchNorms' running statistics: no weights, but training may move them. */
  readonly statistics: readonly string[];
  /** Names of its nodes. */
  readonly nodes: readonly string[];
}

export interface LabNetwork {
  readonly inputShape: readonly number[];
  /** In running order; those without weights among them. */
  readonly blocks: readonly LabBlock[];
}

/** The blocks that have weights. */
export function weightyBlocks({ blocks }: LabNetwork): readonly LabBlock[] {
  return blocks.filter(({ weights }) => weights.length > 0);
}
