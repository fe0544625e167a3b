/** Optimizers as nodes over flat vectors of weights, and the numbers that they need at each step. */
import { add, divide, multiply, subtract } from './arithmetic.ts';
import type { GraphBuilder } from './graph-builder.ts';

/**
 * sgd: with momentum (Sutskever et al. 2013), weight decay as part of the gradient. adam (Kingma and Ba 2014): likewise. adamw
 * (Loshchilov and Hutter 2019): weights shrink by learning rate · decay. All as in torch.optim.
 */
export type OptimizerKind = 'sgd' | 'nesterov' | 'adam' | 'adamw';

/** Settings of an optimizer; all may change from step to step. */
export interface OptimizerSettings {
  /** By group. */
  readonly learningRates: Readonly<Record<string, number>>;
  /** Default 0; norms and biases never decay. */
  readonly weightDecay?: number;
  /** Of sgd and nesterov; default 0.9. */
  readonly momentum?: number;
  /** Of adam and adamw; default 0.9. */
  readonly beta1?: number;
  /** Of adam and adamw; default 0.999. */
  readonly beta2?: number;
  /** Of adam and adamw; default 1e-8. */
  readonly epsilon?: number;
  /** The largest length of the gradient of all weights together; default: no limit. */
  readonly largestNorm?: number;
}

/** Names of the optimizer's graph inputs, all float []. */
export const optimizerInputs = {
  momentum: 'training/momentum',
  decay: 'training/decay',
  beta1: 'training/beta1',
  beta2: 'training/beta2',
  rest1: 'training/rest1',
  rest2: 'training/rest2',
  epsilon: 'training/epsilon',
  rootCorrection: 'training/rootCorrection',
  largestNorm: 'training/largestNorm',
  rate: (group: string) => `training/rate/${group}`,
  keep: (group: string) => `training/keep/${group}`,
} as const;

/** The vectors that an optimizer keeps besides the weights. */
export function momentsOf(kind: OptimizerKind): readonly string[] {
  return kind === 'adam' || kind === 'adamw' ? ['mean', 'square'] : ['velocity'];
}

/**
 * The optimizer's scalar inputs at a step, computed in double precision.
 * @param step counts from 1.
 */
export function optimizerScalars(
  kind: OptimizerKind,
  settings: OptimizerSettings,
  step: number,
): Readonly<Record<string, number>> {
  const { weightDecay = 0, momentum = 0.9, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = settings;
  const isAdam = kind === 'adam' || kind === 'adamw';
  const correction = isAdam ? 1 - beta1 ** step : 1;
  const scalars: Record<string, number> = {
    // above this no float32 length lies
    [optimizerInputs.largestNorm]: settings.largestNorm ?? 3e38,
    [optimizerInputs.decay]: weightDecay,
    ...(isAdam
      ? {
          [optimizerInputs.beta1]: beta1,
          [optimizerInputs.beta2]: beta2,
          [optimizerInputs.rest1]: 1 - beta1,
          [optimizerInputs.rest2]: 1 - beta2,
          [optimizerInputs.epsilon]: epsilon,
          [optimizerInputs.rootCorrection]: 1 / Math.sqrt(1 - beta2 ** step),
        }
      : { [optimizerInputs.momentum]: momentum }),
  };
  for (const [group, rate] of Object.entries(settings.learningRates)) {
    scalars[optimizerInputs.rate(group)] = rate / correction;
    scalars[optimizerInputs.keep(group)] = 1 - rate * weightDecay;
  }
  return scalars;
}

/** What one update reads. */
export interface UpdateSite {
  /** float [n] */
  readonly weights: string;
  /** float [n] */
  readonly gradient: string;
  /** float [n] each, in the order of `momentsOf`. */
  readonly moments: readonly string[];
  readonly group: string;
  readonly decays: boolean;
}

/** Appends the update of one vector of weights; returns the new weights and the new moments. */
export function pushUpdate(b: GraphBuilder, kind: OptimizerKind, site: UpdateSite): readonly string[] {
  const isCoupled = site.decays && kind !== 'adamw';
  const decayed = () =>
    add(b, site.gradient, multiply(b, site.weights, scalarInput(b, optimizerInputs.decay, site)));
  const gradient = isCoupled ? decayed() : site.gradient;
  return kind === 'adam' || kind === 'adamw' ? adam(b, kind, site, gradient) : sgd(b, kind, site, gradient);
}

/** v ← μ·v + g; w ← w − η·v, or with Nesterov w − η·(g + μ·v). */
function sgd(b: GraphBuilder, kind: OptimizerKind, site: UpdateSite, gradient: string): readonly string[] {
  const momentum = scalarInput(b, optimizerInputs.momentum, site);
  const velocity = add(b, multiply(b, site.moments[0], momentum), gradient);
  const direction = kind === 'nesterov' ? add(b, gradient, multiply(b, velocity, momentum)) : velocity;
  const rate = scalarInput(b, optimizerInputs.rate(site.group), site);
  return [subtract(b, site.weights, multiply(b, direction, rate)), velocity];
}

/** m ← β₁·m + (1−β₁)·g; s ← β₂·s + (1−β₂)·g²; w ← w − η/(1−β₁ᵗ) · m / (√s/√(1−β₂ᵗ) + ε). */
function adam(b: GraphBuilder, kind: OptimizerKind, site: UpdateSite, gradient: string): readonly string[] {
  const scalar = (name: string) => scalarInput(b, name, site);
  const { beta1, beta2, rest1, rest2, epsilon, rootCorrection, rate, keep } = optimizerInputs;
  const blend = (old: string, beta: string, fresh: string, rest: string) =>
    add(b, multiply(b, old, scalar(beta)), multiply(b, fresh, scalar(rest)));
  const average = blend(site.moments[0], beta1, gradient, rest1);
  const square = blend(site.moments[1], beta2, multiply(b, gradient, gradient), rest2);
  const size = add(b, multiply(b, b.op('Sqrt', [square]), scalar(rootCorrection)), scalar(epsilon));
  const change = divide(b, multiply(b, average, scalar(rate(site.group))), size);
  const kept =
    kind === 'adamw' && site.decays ? multiply(b, site.weights, scalar(keep(site.group))) : site.weights;
  return [subtract(b, kept, change), average, square];
}

/**
 * Appends clipping by global norm (Pascanu et al. 2013): gradients longer together than the input `largestNorm` are shortened to
 * it. Returns them with their length before, float [].
 */
export function pushClipping(
  b: GraphBuilder,
  gradients: readonly string[],
): { readonly gradients: readonly string[]; readonly norm: string } {
  const squares = gradients.map((one) =>
    b.op('ReduceSum', [multiply(b, one, one), b.ints([0])], { keepdims: 0 }),
  );
  const norm = b.op('Sqrt', [squares.reduce((total, one) => add(b, total, one))]);
  const largest = scalarInput(b, optimizerInputs.largestNorm, { weights: gradients[0] });
  // 1e-6 against division by zero, as in torch.nn.utils.clip_grad_norm_
  const ratio = divide(b, largest, add(b, norm, b.scalar(1e-6, norm)));
  const isShort = b.op('Greater', [ratio, b.scalar(1, norm)]);
  const factor = b.op('Where', [isShort, b.scalar(1, norm), ratio]);
  return { gradients: gradients.map((one) => multiply(b, one, factor)), norm };
}

function scalarInput(b: GraphBuilder, name: string, { weights }: Pick<UpdateSite, 'weights'>): string {
  const isThere = b.inputs.some((input) => input.name === name);
  return isThere ? name : b.addInput(name, b.dtype(weights), []);
}
