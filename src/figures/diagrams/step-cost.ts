/** The cost of a training step by depth of thaw, counted from the network's own layers. */
import type { NetworkDescription } from '../../labs/network-description.ts';
import { listDepths, measureStepCost, type StepCost } from '../../labs/step-cost.ts';
import { t } from '../../site/strings.ts';
import { formatShort } from '../kit/format.ts';
import type { Pen } from './pen.ts';

const parts = [
  ['forward', 'plain'],
  ['handedDown', 'ember'],
  ['weightGradients', 'rate'],
] as const;

/** Classes of the example that chapter 2 computes with: twelve kinds of mushroom. */
const targetClasses = 12;

/** Draws one bar a depth, cheapest first; returns the height. */
export function drawStepCost(pen: Pen, network: NetworkDescription): number {
  const { width, isNarrow } = pen;
  const rows = listRows(network);
  const most = Math.max(...rows.map(({ cost }) => cost.total));
  const [left, right] = isNarrow ? [0, 0] : [150, 74];
  const [bar, row] = isNarrow ? [18, 52] : [22, 34];
  const scale = (macs: number) => (macs / most) * (width - left - right);
  const top = drawLegend(pen);
  rows.forEach(({ name, cost }, index) => {
    const y = top + index * row;
    const total = formatShort(cost.total);
    if (isNarrow) {
      pen.text(0, y + 13, name);
      pen.text(width, y + 13, total, 'end strong');
    } else {
      pen.text(0, y + 16, name);
      pen.text(width, y + 16, total, 'end strong');
    }
    let x = left;
    for (const [part, kind] of parts) {
      const wide = scale(cost[part]);
      if (cost[part] > 0) pen.rect(x, isNarrow ? y + 20 : y, Math.max(1, wide), bar, kind);
      x += wide;
    }
  });
  return top + rows.length * row + 2;
}

function drawLegend(pen: Pen): number {
  let [x, y] = [0, 4];
  for (const [part, kind] of parts) {
    const words = t(`diagram.steps.${part}`);
    const wide = words.length * 7 + 46;
    if (x + wide > pen.width) [x, y] = [0, y + 22];
    pen.rect(x, y, 18, 12, kind);
    pen.text(x + 24, y + 11, words, 'quiet');
    x += wide;
  }
  return y + 30;
}

interface Row {
  name: string;
  cost: StepCost;
}

function listRows(network: NetworkDescription): Row[] {
  const depths = listDepths(network);
  const thawed = depths.map((depth, index): Row => {
    const cost = measureStepCost(network, depth, targetClasses);
    if (index === 0) return { name: t('diagram.steps.head'), cost };
    if (index === depths.length - 1) return { name: t('diagram.steps.everything'), cost };
    return { name: t('diagram.steps.stage', { name: depth.split('.')[0] ?? depth }), cost };
  });
  // With features kept from an earlier pass, a step is the head's forward product and its weight gradient
  const head = thawed[0]?.cost.weightGradients ?? 0;
  const kept = { forward: head, handedDown: 0, weightGradients: head, total: 2 * head };
  return [{ name: t('diagram.steps.kept'), cost: kept }, ...thawed];
}
