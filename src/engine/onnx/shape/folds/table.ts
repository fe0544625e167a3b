/** What is computed before anything runs: the chains of small tensors that exporters write around Reshape, Slice and Expand. */
import { arithmeticFolds } from './arithmetic.ts';
import type { Fold } from './fold.ts';
import { movementFolds } from './movement.ts';

/** Folds by operator of the default domain. */
export const folds: ReadonlyMap<string, Fold> = new Map([...arithmeticFolds, ...movementFolds]);
