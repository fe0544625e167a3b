/** How often answers are right, and how sure that number is. */

export interface Accuracy {
  correct: number;
  asked: number;
  /** correct / asked, 0 … 1; 0 if nothing was asked. */
  share: number;
  /** 95 % interval of the share. */
  low: number;
  high: number;
}

/** 97.5 % point of the normal distribution: 95 % lie between −z and z. */
const z95 = 1.96;

/** Accuracy with its 95 % Wilson interval. */
export function accuracyOf(correct: number, asked: number): Accuracy {
  const [low, high] = wilsonInterval(correct, asked);
  return { correct, asked, share: asked === 0 ? 0 : correct / asked, low, high };
}

/** Accuracy of answers against the truth, both as labels [n]. */
export function accuracyOfAnswers(answers: ArrayLike<number>, truth: ArrayLike<number>): Accuracy {
  let correct = 0;
  for (let i = 0; i < truth.length; i++) if (answers[i] === truth[i]) correct++;
  return accuracyOf(correct, truth.length);
}

/** Wilson's 95 % interval of a share of independent answers (Wilson 1927); from 0 to 1 if nothing was asked. */
export function wilsonInterval(correct: number, asked: number, z = z95): [low: number, high: number] {
  if (asked === 0) return [0, 1];
  const share = correct / asked;
  const centre = share + z ** 2 / (2 * asked);
  const half = z * Math.sqrt((share * (1 - share)) / asked + z ** 2 / (4 * asked ** 2));
  const scale = 1 + z ** 2 / asked;
  return [Math.max(0, (centre - half) / scale), Math.min(1, (centre + half) / scale)];
}

/** Mean and standard deviation (of the sample, n − 1) of several accuracies; the deviation of one is 0. */
export function spreadOf(shares: readonly number[]): { mean: number; deviation: number } {
  const mean = shares.reduce((sum, share) => sum + share, 0) / Math.max(1, shares.length);
  const squares = shares.reduce((sum, share) => sum + (share - mean) ** 2, 0);
  return { mean, deviation: shares.length < 2 ? 0 : Math.sqrt(squares / (shares.length - 1)) };
}
