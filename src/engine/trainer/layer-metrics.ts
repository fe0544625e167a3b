import type { Bundle, TrainableGroup } from '../autodiff/bundles.ts';
import type { OptimizerKind } from '../autodiff/optimizers.ts';
import type { LayerMetrics } from './types.ts';

/** One bundle's vectors before and after a step, float32 [size] each. */
export interface BundleStep {
  /** The weights that the training began with. */
  readonly start: Float32Array;
  readonly before: Float32Array;
  readonly after: Float32Array;
  /** The first moment (velocity or mean) before and after. */
  readonly momentBefore: Float32Array;
  readonly momentAfter: Float32Array;
}

/** How a step's gradient went into its first moment. */
export interface MomentRule {
  readonly optimizer: OptimizerKind;
  /** β₁ or the momentum: the share of the old moment that is kept. */
  readonly keeps: number;
  /** Weight decay that became part of the gradient; 0 under adamw. */
  readonly decay: number;
  /** What clipping multiplied the gradient by; 1 where it did nothing. */
  readonly clipped: number;
}

/** A layer's share of a bundle. */
interface Range {
  readonly bundle: number;
  readonly from: number;
  readonly to: number;
}

/** Sets of weights as ranges of the bundles; layers without trained weights are left out. */
export function placeLayers(
  layers: readonly TrainableGroup[],
  bundles: readonly Bundle[],
): readonly { readonly id: string; readonly ranges: readonly Range[] }[] {
  const placed = layers.map(({ id, weights }) => ({
    id,
    ranges: bundles.flatMap((bundle, at) =>
      bundle.weights
        .filter(({ name }) => weights.includes(name))
        .map(({ offset, size }) => ({ bundle: at, from: offset, to: offset + size })),
    ),
  }));
  return placed.filter(({ ranges }) => ranges.length > 0);
}

/**
 * Measures layers in one pass over their weights. The gradient is read off the first moment, which it went into: no graph has to give
 * it out.
 */
export function measureLayers(
  layers: ReturnType<typeof placeLayers>,
  bundles: readonly BundleStep[],
  decays: readonly boolean[],
  { optimizer, keeps, decay, clipped }: MomentRule,
): readonly LayerMetrics[] {
  const isMean = optimizer === 'adam' || optimizer === 'adamw';
  const scale = 1 / ((isMean ? 1 - keeps : 1) * clipped);
  return layers.map(({ id, ranges }) => {
    const sums = { gradient: 0, after: 0, before: 0, start: 0, change: 0, update: 0 };
    for (const { bundle, from, to } of ranges)
      addSums(sums, bundles[bundle], from, to, {
        keeps,
        scale,
        shrink: decays[bundle] ? decay / clipped : 0,
      });
    const share = (distance: number, length: number) => Math.sqrt(distance) / (Math.sqrt(length) || 1);
    return {
      id,
      gradientNorm: Math.sqrt(sums.gradient),
      weightNorm: Math.sqrt(sums.after),
      change: share(sums.change, sums.start),
      updateRatio: share(sums.update, sums.before),
    };
  });
}

/**
 * Adds the squares of a range. A function of its own, whose sums and vectors are plain variables: that is what makes the pass take a few
 * hundredths of the step that it measures.
 */
function addSums(
  sums: Record<'gradient' | 'after' | 'before' | 'start' | 'change' | 'update', number>,
  vectors: BundleStep,
  from: number,
  to: number,
  { keeps, scale, shrink }: Record<'keeps' | 'scale' | 'shrink', number>,
): void {
  const { start: starts, before: befores, after: afters, momentBefore, momentAfter } = vectors;
  let gradient = 0;
  let after = 0;
  let before = 0;
  let start = 0;
  let change = 0;
  let update = 0;
  for (let at = from; at < to; at++) {
    const first = starts[at];
    const was = befores[at];
    const is = afters[at];
    const slope = (momentAfter[at] - keeps * momentBefore[at]) * scale - shrink * was;
    const far = is - first;
    const near = is - was;
    gradient += slope * slope;
    after += is * is;
    before += was * was;
    start += first * first;
    change += far * far;
    update += near * near;
  }
  sums.gradient += gradient;
  sums.after += after;
  sums.before += before;
  sums.start += start;
  sums.change += change;
  sums.update += update;
}
