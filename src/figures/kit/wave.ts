/** The two range marks and the thaw line: straight and ruled is frozen, waved is trainable. */

/** A horizontal wave from x0 to x1 around y, as path data. */
export function waveAcross(x0: number, x1: number, y: number, amplitude = 3, length = 12): string {
  const count = Math.max(1, Math.round((x1 - x0) / length));
  const step = (x1 - x0) / count;
  let d = `M${round(x0)} ${round(y)}`;
  for (let i = 0; i < count; i++)
    d += `q${round(step / 2)} ${i % 2 ? amplitude * 2 : -amplitude * 2} ${round(step)} 0`;
  return d;
}

/** A vertical wave from y0 to y1 around x, as path data. */
export function waveDown(x: number, y0: number, y1: number, amplitude = 2.6, length = 12): string {
  const count = Math.max(1, Math.round((y1 - y0) / length));
  const step = (y1 - y0) / count;
  let d = `M${round(x)} ${round(y0)}`;
  for (let i = 0; i < count; i++)
    d += `q${i % 2 ? amplitude * 2 : -amplitude * 2} ${round(step / 2)} 0 ${round(step)}`;
  return d;
}

/** A double rule with slanted ticks from x0 to x1 around y: the range of what stays. */
export function ruleAcross(x0: number, x1: number, y: number): { rules: string; ticks: string } {
  if (x1 - x0 < 4) return { rules: '', ticks: '' };
  let ticks = '';
  for (let x = x0 + 4; x < x1 - 4; x += 8) ticks += `M${round(x)} ${round(y + 3)}l4 -6`;
  return {
    rules: `M${round(x0)} ${round(y - 3)}H${round(x1)}M${round(x0)} ${round(y + 3)}H${round(x1)}`,
    ticks,
  };
}

/** The same standing upright, from y0 to y1 around x. */
export function ruleDown(x: number, y0: number, y1: number): { rules: string; ticks: string } {
  if (y1 - y0 < 4) return { rules: '', ticks: '' };
  let ticks = '';
  for (let y = y0 + 4; y < y1 - 4; y += 8) ticks += `M${round(x - 3)} ${round(y + 4)}l6 -4`;
  return {
    rules: `M${round(x - 3)} ${round(y0)}V${round(y1)}M${round(x + 3)} ${round(y0)}V${round(y1)}`,
    ticks,
  };
}

function round(value: number): number {
  return Math.round(value * 10) / 10 + 0;
}
