/** Two learning curves from the formula of chapter 2, and the two ways to read the gap between them. */
import { crossingPoint, excessFromScratch, excessOfTransfer, trade } from '../../labs/excess-risk.ts';
import { t } from '../../site/strings.ts';
import { formatCount, formatValue } from '../kit/format.ts';
import { arrow, round, type Pen } from './pen.ts';

/** Examples on the horizontal axis; the formula for learning everything holds from as many examples as weights. */
const [fewest, most] = [trade.everything, 600];

/** Excess risk at the top of the drawing. */
const highest = 1;

/** Where the gap is read downwards (at so many examples) and sideways (at this excess risk). */
const readAt = { examples: 150, excess: 0.35 };

/** Draws axes, curves and the two readings; returns the height. */
export function drawLearningCurves(pen: Pen): number {
  const { width, isNarrow } = pen;
  const [left, right, top, height] = [36, width - 8, 30, isNarrow ? 220 : 260];
  const x = (n: number) => round(left + ((n - fewest) / (most - fewest)) * (right - left));
  const y = (excess: number) => round(top + (1 - excess / highest) * height);
  pen.text(0, 14, t('diagram.curves.excess'), 'strong');
  for (const excess of [0, 0.5, 1]) {
    pen.path(`M${left} ${y(excess)}H${right}`, excess ? 'grid' : 'axis');
    pen.text(left - 8, y(excess) + 4.5, formatValue(excess), 'quiet end');
  }
  for (const n of [100, 200, 300, 400, 500, 600])
    pen.text(Math.min(x(n), right - 10), top + height + 18, formatCount(n), 'quiet mid');
  pen.text(right, top + height + 38, t('diagram.curves.examples'), 'strong end');

  pen.path(`M${left} ${y(trade.lacks)}H${right}`, 'faint-line');
  pen.text(left + 6, y(trade.lacks) + 18, t('diagram.curves.lacks'), 'quiet');
  const curve = (excess: (n: number) => number) =>
    `M${Array.from({ length: 101 }, (_, i) => fewest + ((most - fewest) * i) / 100)
      .map((n) => `${x(n)} ${y(excess(n))}`)
      .join('L')}`;
  pen.path(curve(excessFromScratch), 'ink-line dashed');
  pen.path(curve(excessOfTransfer), 'ink-line bold');
  pen.text(x(isNarrow ? 118 : 112) + 8, y(0.95), t('diagram.curves.scratch'));
  pen.text(right, y(excessOfTransfer(most)) - 10, t('diagram.curves.transfer'), 'end');

  const { examples, excess } = readAt;
  pen.path(
    arrow(x(examples), y(excessFromScratch(examples)), x(examples), y(excessOfTransfer(examples)) - 2),
    'reading',
  );
  pen.text(x(examples) + 8, y(0.7), t('diagram.curves.better'), 'ink');
  const [transferNeeds, scratchNeeds] = [
    (trade.noise * trade.head) / (excess - trade.lacks),
    (trade.noise * trade.everything) / excess,
  ];
  pen.path(arrow(x(scratchNeeds), y(excess), x(transferNeeds) + 2, y(excess)), 'reading');
  pen.text(x(scratchNeeds) + 6, y(excess) - 16, t('diagram.curves.fewer'), 'ink');
  const crossing = crossingPoint();
  // On a phone the guide starts below the words beside it
  pen.path(`M${x(crossing)} ${y(isNarrow ? 0.18 : excessFromScratch(crossing))}V${y(0)}`, 'faint-line');
  pen.circle(x(crossing), y(excessFromScratch(crossing)), 4, 'dot');
  pen.text(x(crossing) + 7, y(0.08), t('diagram.curves.crossing', { examples: crossing }));
  return top + height + 46;
}
