/** One gradient rule per operator, by families; a new operator is a new row. */
import type { GradientRule } from '../gradient-rule.ts';
import { activationRows } from './activations.ts';
import { attentionRows } from './attention.ts';
import { convolutionRows } from './convolutions.ts';
import { elementwiseRows } from './elementwise.ts';
import { layoutRows } from './layouts.ts';
import { matrixRows } from './matrices.ts';
import { normalizationRows } from './normalizations.ts';
import { poolingRows } from './pooling.ts';
import { reductionRows } from './reductions.ts';
import { selectionRows } from './selections.ts';

/** Rules by operator name; operators of other domains are written "domain.Operator". */
export const gradientRules: ReadonlyMap<string, GradientRule> = new Map([
  ...elementwiseRows,
  ...activationRows,
  ...matrixRows,
  ...convolutionRows,
  ...poolingRows,
  ...normalizationRows,
  ...reductionRows,
  ...layoutRows,
  ...selectionRows,
  ...attentionRows,
]);
