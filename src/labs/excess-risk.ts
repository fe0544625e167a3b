/**
 * Expected excess risk of least squares on fixed inputs, as chapter 2 derives it: what the features lack, plus σ²d/n.
 * The numbers are those of the chapter's worked example and of its program trade.py.
 */
export const trade = {
  /** Mean squared part of the rule that the transferred features cannot express. */
  lacks: 0.3,
  /** Free weights of the head on transferred features, and of the model that learns everything. */
  head: 10,
  everything: 100,
  /** Variance of the noise in the labels. */
  noise: 1,
} as const;

/** Excess risk of the head on transferred features after n examples, n at least 10. */
export function excessOfTransfer(n: number): number {
  return trade.lacks + (trade.noise * trade.head) / n;
}

/** Excess risk of learning everything from n examples, n at least 100. */
export function excessFromScratch(n: number): number {
  return (trade.noise * trade.everything) / n;
}

/** Number of examples at which the two are equal. */
export function crossingPoint(): number {
  return (trade.noise * (trade.everything - trade.head)) / trade.lacks;
}
