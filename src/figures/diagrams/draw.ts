/** Diagrams by name, each drawn twice at build time: for the width of the text and for a phone. */
import type { NetworkDescription } from '../../labs/network-description.ts';
import { t, type WordKey } from '../../site/strings.ts';
import { drawStatic } from '../kit/static.ts';
import { drawAttentionMasks } from './attention-masks.ts';
import { drawBackwardPass } from './backward-pass.ts';
import { drawBatchnormModes } from './batchnorm-modes.ts';
import { drawConvnetBlocks } from './convnet-blocks.ts';
import { drawDomainsAndTasks } from './domains-and-tasks.ts';
import { drawLearningCurves } from './learning-curves.ts';
import { drawLearningRates } from './learning-rates.ts';
import { takePen, type Pen } from './pen.ts';
import { drawRocCurve } from './roc-curve.ts';
import { drawShiftKinds } from './shift-kinds.ts';
import { drawSplitKinds } from './split-kinds.ts';
import { drawStepCost } from './step-cost.ts';
import { drawTensorAxes } from './tensor-axes.ts';
import { drawThreeApproaches } from './three-approaches.ts';

const diagrams = {
  'domains-and-tasks': drawDomainsAndTasks,
  'three-approaches': drawThreeApproaches,
  'backward-pass': drawBackwardPass,
  'learning-rates': drawLearningRates,
  'batchnorm-modes': drawBatchnormModes,
  'learning-curves': drawLearningCurves,
  'step-cost': drawStepCost,
  'shift-kinds': drawShiftKinds,
  'convnet-blocks': drawConvnetBlocks,
  'attention-masks': drawAttentionMasks,
  'tensor-axes': drawTensorAxes,
  'roc-curve': drawRocCurve,
  'split-kinds': drawSplitKinds,
} satisfies Record<string, (pen: Pen, network: NetworkDescription) => number>;

export type DiagramName = keyof typeof diagrams;

export const diagramNames = Object.keys(diagrams) as DiagramName[];

/** Widths in pixels of the two layouts; diagrams.css shows the one that fits. */
const widths = { wide: 572, narrow: 336 };

/** Markup of both layouts. Throws a RangeError that names the diagrams that exist. */
export function drawDiagram(name: string, network: NetworkDescription): string {
  const known = diagramNames.find((candidate) => candidate === name);
  if (!known) throw new RangeError(`No diagram "${name}"; there are ${diagramNames.join(', ')}.`);
  const finding: WordKey = `diagram.${known}`;
  const shell = '<svg class="wide"></svg><svg class="narrow"></svg>';
  return drawStatic(shell, (root) => {
    for (const [layout, width] of Object.entries(widths)) {
      const svg = root.querySelector<SVGSVGElement>(`svg.${layout}`);
      if (!svg) continue;
      const height = Math.ceil(diagrams[known](takePen(svg, width, layout === 'narrow'), network));
      for (const [key, value] of Object.entries({
        width,
        height,
        viewBox: `0 0 ${width} ${height}`,
        role: 'img',
      }))
        svg.setAttribute(key, String(value));
      svg.setAttribute('aria-label', t(finding));
    }
  });
}
