/** Activations of one value for one picture, and what can be said about a channel of them. NCHW, batch of one. */

export interface ActivationStack {
  channels: number;
  height: number;
  width: number;
  /** float32 [channels, height, width] */
  data: Float32Array;
}

export interface ChannelSummary {
  mean: number;
  largest: number;
  smallest: number;
  /** Share of values that are exactly zero, 0 … 1. */
  zeroShare: number;
}

/** float32 [height, width] of one channel; a view, not a copy. */
export function channelOf(stack: ActivationStack, channel: number): Float32Array {
  const size = stack.height * stack.width;
  return stack.data.subarray(channel * size, (channel + 1) * size);
}

/** Mean, extremes and share of zeros of the values. */
export function summarise(values: Float32Array): ChannelSummary {
  let sum = 0;
  let zeros = 0;
  let largest = -Infinity;
  let smallest = Infinity;
  for (const value of values) {
    sum += value;
    if (value === 0) zeros++;
    if (value > largest) largest = value;
    if (value < smallest) smallest = value;
  }
  const count = values.length || 1;
  return { mean: sum / count, largest, smallest, zeroShare: zeros / count };
}

/** The channel that varies most over the picture's places: the most telling front face for a glyph. */
export function mostVaried(stack: ActivationStack): number {
  let best = 0;
  let bestSpread = -1;
  for (let channel = 0; channel < stack.channels; channel++) {
    const values = channelOf(stack, channel);
    const { mean, largest } = summarise(values);
    if (largest <= 0) continue;
    let squares = 0;
    for (const value of values) squares += (value - mean) ** 2;
    const spread = squares / values.length / largest ** 2;
    if (spread > bestSpread) [best, bestSpread] = [channel, spread];
  }
  return best;
}
