/**
 * One shape rule per operator, by families; a new operator is a new row. Rules follow the operator documents of ONNX up to
 * opset 28 and, for "com.microsoft.", those of ONNX Runtime; where opsets differ the rule says since when.
 */
import type { Row } from '../rule.ts';
import { attentionRows } from './attention.ts';
import { controlRows } from './control.ts';
import { convolutionRows } from './convolutions.ts';
import { elementwiseRows } from './elementwise.ts';
import { generatorRows } from './generators.ts';
import { layoutRows } from './layouts.ts';
import { matrixRows } from './matrices.ts';
import { microsoftRows } from './microsoft.ts';
import { normalizationRows } from './normalizations.ts';
import { pictureRows } from './pictures.ts';
import { quantizationRows } from './quantization.ts';
import { recurrentRows } from './recurrent.ts';
import { reductionRows } from './reductions.ts';
import { selectionRows } from './selections.ts';
import { sequenceRows } from './sequences.ts';
import { signalRows } from './signals.ts';

/** Rules by operator name; operators of other domains are written "domain.Operator". */
export const shapeRules: ReadonlyMap<string, Row> = new Map([
  ...elementwiseRows,
  ...reductionRows,
  ...matrixRows,
  ...convolutionRows,
  ...normalizationRows,
  ...layoutRows,
  ...selectionRows,
  ...generatorRows,
  ...pictureRows,
  ...recurrentRows,
  ...attentionRows,
  ...quantizationRows,
  ...signalRows,
  ...sequenceRows,
  ...controlRows,
  ...microsoftRows,
]);
