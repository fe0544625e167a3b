/** A Vite plugin that keeps d3's animation code out of pages that never animate. */

/**
 * d3-transition changes selections as soon as it is imported, so importing anything from `d3` would carry it, with
 * timers, easings and interpolators, into every figure: 14 kB compressed. We use none of it, so it counts as free of
 * effects and is left out.
 */
export function stillD3(): {
  name: string;
  transform: (code: string, id: string) => { code: string; map: null; moduleSideEffects: false } | undefined;
} {
  return {
    name: 'thaw-still-d3',
    transform: (code, id) =>
      /[\\/]d3-transition[\\/]/.test(id) ? { code, map: null, moduleSideEffects: false } : undefined,
  };
}
