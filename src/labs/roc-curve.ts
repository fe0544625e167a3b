/**
 * The ROC curve of a test whose scores are normal in both groups with equal spread (the "binormal" curve, Fawcett 2006): the well at
 * mean 0, the ill at mean `separation`, both with spread 1. These are the scores of chapter 6's program roc.py, without its chance.
 */
import { density } from './shift-kinds.ts';

/** How far the ill lie above the well, in spreads. */
export const separation = 1.5;

/** Sensitivity and specificity of "positive above the threshold", both 0 to 1. */
export function rocPoint(threshold: number): { readonly sensitivity: number; readonly specificity: number } {
  return { sensitivity: 1 - below(threshold - separation), specificity: below(threshold) };
}

/** Area under the curve: the chance that a random ill person scores above a random well one, Φ(separation/√2). */
export function areaUnderCurve(): number {
  return below(separation / Math.SQRT2);
}

/** Φ(x), the standard normal distribution function, by Simpson's rule from 0; the error is far below the printed digits. */
function below(x: number): number {
  const count = 400;
  const step = x / count;
  let sum = density(0, 0, 1) + density(x, 0, 1);
  for (let i = 1; i < count; i++) sum += density(i * step, 0, 1) * (i % 2 ? 4 : 2);
  return 0.5 + (sum * step) / 3;
}
