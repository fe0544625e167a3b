/** How the learning rate moves over a phase. */
export type Schedule =
  | { readonly kind: 'constant' }
  /** From the full rate down along half a cosine (Loshchilov and Hutter 2017), to 0 behind the last step. */
  | { readonly kind: 'cosine'; readonly warmUp?: number }
  /** Up in a straight line over the first share of the steps (Goyal et al. 2017), then constant. */
  | { readonly kind: 'warm-up'; readonly warmUp: number }
  /** Up along half a cosine from 1/25 of the rate, then down to a 10,000th of where it began (Smith and Topin 2017). */
  | { readonly kind: 'one-cycle'; readonly warmUp?: number };

/** The share of the peak at which one-cycle begins, and of that at which it ends; as in torch.optim. */
const [cycleStart, cycleEnd] = [1 / 25, 1 / 25 / 1e4];

/**
 * The factor on the learning rate at a step.
 * @param at steps taken before, from 0.
 * @param steps of the whole phase. `warmUp` of the schedule is a share of them, 0 to 1.
 */
export function rateFactor(schedule: Schedule, at: number, steps: number): number {
  if (schedule.kind === 'constant') return 1;
  if (schedule.kind === 'one-cycle') {
    // the turn and the end are reached at whole steps, as torch counts them
    const turn = (schedule.warmUp ?? 0.3) * steps - 1;
    if (at <= turn) return between(cycleStart, 1, turn <= 0 ? 1 : at / turn);
    return between(1, cycleEnd, Math.min(1, (at - turn) / Math.max(steps - 1 - turn, 1e-9)));
  }
  const rising = Math.round((schedule.warmUp ?? 0) * steps);
  if (at < rising) return (at + 1) / rising;
  if (schedule.kind === 'warm-up') return 1;
  return between(1, 0, (at - rising) / Math.max(steps - rising, 1));
}

/** Half a cosine from one number to another. */
function between(from: number, to: number, share: number): number {
  return to + ((from - to) * (1 + Math.cos(Math.PI * share))) / 2;
}
