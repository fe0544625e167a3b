/** The same blocks three times: which of them the three approaches train. */
import type { NetworkDescription } from '../../labs/network-description.ts';
import { approaches } from '../../labs/network-description.ts';
import { t } from '../../site/strings.ts';
import { formatCount } from '../kit/format.ts';
import { drawBlock, type Pen } from './pen.ts';

/** Draws three strips with their counts of trainable weights; returns the height. */
export function drawThreeApproaches(pen: Pen, network: NetworkDescription): number {
  const { width, isNarrow } = pen;
  const left = isNarrow ? 0 : 128;
  const right = isNarrow ? 0 : 96;
  const step = (width - left - right) / network.blocks.length;
  const rowHeight = isNarrow ? 92 : 72;
  const blockHeight = 38;
  approaches.forEach((approach, row) => {
    const top = row * rowHeight + (isNarrow ? 24 : 4);
    const { blocks, parameters } = network.training[approach];
    pen.text(0, isNarrow ? top - 8 : top + 17, t(`lens.approach.${approach}`), 'strong');
    if (isNarrow) pen.text(width, top - 8, formatCount(parameters), 'end strong');
    else {
      pen.text(0, top + 34, t(`diagram.three.${approach}`), 'quiet');
      pen.text(width, top + 17, formatCount(parameters), 'end strong');
      pen.text(width, top + 34, t('diagram.three.trainable'), 'end quiet');
    }
    network.blocks.forEach((block, index) => {
      const state = block.parameters === 0 ? 'plain' : blocks.includes(block.id) ? 'trainable' : 'frozen';
      drawBlock(pen, left + index * step + 1.5, top, step - 5, blockHeight, state);
      pen.text(left + index * step + step / 2 - 1, top + blockHeight + 16, block.id, 'quiet mid');
    });
  });
  return rowHeight * approaches.length + 2;
}
