/** The figures that exist, by the name of their tag. */
import type { AstroComponentFactory } from 'astro/runtime/server/index.js';
import { figures as registry } from '../figures/index.ts';

export type Components = Record<string, AstroComponentFactory>;

/** What `src/figures/index.ts` exports: `export const figures = { ResnetLens, … }`. */
export const figures: Components = registry;
