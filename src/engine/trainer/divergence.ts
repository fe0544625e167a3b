import type { ThawErrorData } from '../errors.ts';

/** How many times the first loss, or that of guessing, is still called learning. */
const mostGrowth = 20;

/** Whether a loss is a number that training can come back from. `classes`: guessing among them costs ln(classes). */
export function isSound(loss: number, firstLoss: number, classes: number): boolean {
  return Number.isFinite(loss) && loss <= mostGrowth * Math.max(firstLoss, Math.log(classes));
}

/** A diverged training in a reader's words. */
export function describeDivergence(step: number, loss: number, learningRate: number): ThawErrorData {
  const what = Number.isFinite(loss) ? `the loss rose to ${inWords(loss)}` : 'numbers became too large';
  return {
    code: 'diverged',
    message: `The training diverged at step ${step}: ${what}.`,
    advice: `The last good weights are kept. Take a smaller learning rate than ${learningRate}.`,
    details: { step, loss: String(loss), learningRate },
  };
}

/** Two digits that count, thousands set apart: 5,100; above a billion as a power of ten. */
function inWords(loss: number): string {
  return loss < 1e9
    ? Number(loss.toPrecision(2)).toLocaleString('en')
    : loss.toExponential(1).replace('e+', ' · 10^');
}
