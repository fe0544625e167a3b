// One line of the result: what was measured against its limit.

/** A row whose value must not exceed its limit, unless something else lets it pass. */
export function atMost(name, value, unit, limit, note, passes = false) {
  return { name, value, unit, limit, ok: value <= limit || passes, ...(note ? { note } : {}) };
}

/** A row that is told and has no limit of its own. */
export function told(name, value, unit, note) {
  return { name, value, unit, ok: true, ...(note ? { note } : {}) };
}

/** A row whose value must reach its limit. */
export function atLeast(name, value, unit, limit, note) {
  return { name, value, unit, limit, ok: value >= limit, ...(note ? { note } : {}) };
}

/** The middle value; of an even number of values the mean of the two in the middle. */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.floor(middle)] + sorted[Math.ceil(middle) - 1]) / 2;
}

/** Rounded to so many digits after the point. */
export const rounded = (value, digits = 3) => Number(value.toFixed(digits));
