/** The tags that prose may use without importing them. Figures have their own list in src/figures/index.ts. */
import type { AstroComponentFactory } from 'astro/runtime/server/index.js';
import Answer from './Answer.astro';
import Cite from './Cite.astro';
import Equation from './Equation.astro';
import Exercise from './Exercise.astro';
import Frozen from './Frozen.astro';
import Further from './Further.astro';
import Note from './Note.astro';
import Term from './Term.astro';
import Trainable from './Trainable.astro';
import Value from './Value.astro';

/** Tags by name. */
export const prose: Record<string, AstroComponentFactory> = {
  Answer,
  Cite,
  Equation,
  Exercise,
  Frozen,
  Further,
  Note,
  Term,
  Trainable,
  Value,
};
