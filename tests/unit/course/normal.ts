/** The standard normal distribution function Φ(x), by Simpson's rule from 0. */
export function normalBelow(x: number): number {
  const count = 2000;
  const step = x / count;
  let sum = density(0) + density(x);
  for (let i = 1; i < count; i++) sum += density(i * step) * (i % 2 ? 4 : 2);
  return 0.5 + (sum * step) / 3;
}

function density(x: number): number {
  return Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
}
