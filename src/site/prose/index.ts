/** The tags that prose may use without importing them. Figures have their own list in src/figures/index.ts. */
import type { AstroComponentFactory } from 'astro/runtime/server/index.js';
import Plain from './Plain.astro';

export const prose: Record<string, AstroComponentFactory> = Object.fromEntries(
  ['Term', 'Cite', 'Note', 'Exercise', 'Answer', 'Frozen', 'Trainable', 'Equation', 'Diagram', 'Further', 'Value', 'ResnetLens'].map((name) => [name, Plain as unknown as AstroComponentFactory]),
);
