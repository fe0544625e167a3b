/** The same thirty pictures of six objects, divided by picture and by object. */
import { countLeaks, drawSplit, splitKinds, type SplitKind } from '../../labs/split-kinds.ts';
import { t } from '../../site/strings.ts';
import type { Pen } from './pen.ts';

const [objects, picturesEach, seed] = [6, 5, 7];
/** Pixels from one picture to the next, and from one object to the next. */
const [step, row] = [34, 30];

/** Draws both divisions side by side, or one above the other on a phone; returns the height. */
export function drawSplitKinds(pen: Pen): number {
  const { width, isNarrow } = pen;
  const height = objects * row + 78;
  splitKinds.forEach((kind, place) =>
    drawDivision(pen, kind, isNarrow ? 0 : (place * width) / 2, isNarrow ? place * (height + 18) : 0),
  );
  return isNarrow ? 2 * height + 12 : height;
}

function drawDivision(pen: Pen, kind: SplitKind, x: number, y: number): void {
  const split = drawSplit(kind, objects, picturesEach, seed);
  const first = x + 82;
  pen.text(x, y + 14, t(`diagram.splits.${kind}`), 'strong');
  split.forEach((pictures, object) => {
    const middle = y + 42 + object * row;
    pen.text(x, middle + 4.5, t('diagram.splits.name', { number: object + 1 }), 'quiet');
    pen.path(`M${first - 14} ${middle}H${first + (picturesEach - 1) * step + 14}`, 'hair');
    pictures.forEach((isHeldOut, picture) => {
      const at = first + picture * step;
      if (isHeldOut) pen.rect(at - 7, middle - 7, 14, 14, 'used');
      else pen.circle(at, middle, 6, 'dot');
    });
  });
  const { heldOut, leaking } = countLeaks(split);
  pen.text(x, y + objects * row + 54, t('diagram.splits.leaks', { heldOut, leaking }), 'ink');
}
