/** Numbers as a reader meets them: British grouping, a thin space before units, exactly zero printed as 0. */

/** Narrow no-break space: keeps a number and its unit on one line. */
export const thinSpace = '\u202f';

const grouped = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });

/** An integer with grouped digits: 2,803,610. */
export function formatCount(count: number): string {
  return grouped.format(count);
}

/** A large count in three digits: 928, 57.7 k, 2.10 M. */
export function formatShort(count: number): string {
  if (count < 10_000) return formatCount(count);
  const [divisor, unit] = count < 999_500 ? [1e3, 'k'] : count < 999_500_000 ? [1e6, 'M'] : [1e9, 'G'];
  return `${threeDigits(count / divisor)}${thinSpace}${unit}`;
}

/** Bytes in decimal units: 840 B, 29 kB, 2.9 MB. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes}${thinSpace}B`;
  if (bytes < 999_500) return `${Math.round(bytes / 1000)}${thinSpace}kB`;
  return `${formatMegabytes(bytes)}${thinSpace}MB`;
}

/** The bare number of megabytes, one decimal: 2.9. */
export function formatMegabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}

/** A share from 0 to 1 in per cent: 81.0 %, <0.1 %, and 0 % only if it is exactly zero. */
export function formatPercent(share: number, digits = 1): string {
  return `${percentNumber(share, digits)}${thinSpace}%`;
}

/** A time: 0.42 ms, 6.1 ms, 83 ms, 1.2 s. */
export function formatMilliseconds(elapsedMs: number): string {
  if (elapsedMs >= 999.5) return `${(elapsedMs / 1000).toFixed(1)}${thinSpace}s`;
  const digits = elapsedMs < 1 ? 2 : elapsedMs < 9.95 ? 1 : 0;
  return `${elapsedMs.toFixed(digits)}${thinSpace}ms`;
}

/** A value of a tensor in three digits: 0, 0.038, 2.41, −12.6. */
export function formatValue(value: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  const text = size < 0.001 ? size.toExponential(1) : threeDigits(size);
  return value < 0 ? `−${text}` : text;
}

/** A tensor's shape: 64×8×8. */
export function formatShape(shape: readonly number[]): string {
  return shape.map(formatCount).join('×');
}

function percentNumber(share: number, digits: number): string {
  if (share === 0) return '0';
  const least = 10 ** -digits;
  const percent = share * 100;
  if (percent < least / 2) return `<${least.toFixed(digits)}`;
  // A share below one never rounds up to certainty
  if (share < 1 && percent > 100 - least / 2) return `>${(100 - least).toFixed(digits)}`;
  return percent.toFixed(digits);
}

function threeDigits(size: number): string {
  if (size >= 99.95) return formatCount(size);
  return size.toFixed(size >= 9.995 ? 1 : size >= 0.0995 ? 2 : 3);
}
