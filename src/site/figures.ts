/** The figures that exist, by the name of their tag. */
import type { AstroComponentFactory } from 'astro/runtime/server/index.js';
import Further from './prose/Further.astro';

export type Components = Record<string, AstroComponentFactory>;

// Not a plain import, so that the site also builds while there is no figure yet
const registries = import.meta.glob<{ figures: Components }>('../figures/index.ts', { eager: true });

/** What `src/figures/index.ts` exports: `export const figures = { ResnetLens, … }`. */
export const figures: Components = {
  Diagram: Further as AstroComponentFactory,
  ResnetLens: Further as AstroComponentFactory,
  ...Object.values(registries)[0]?.figures,
};
