/** Ways to adapt a decoder, with what each of them moves. */
import { t } from '../../site/strings.ts';
import { drawDataTable } from '../kit/data-table.ts';
import { formatCount, formatPercent } from '../kit/format.ts';
import { drawPanelTitle, type Part } from '../bert-lens/panels.ts';
import { countWays, type DecoderAmounts, type GptState } from './model.ts';

/** Ordinary sizes of these ways. */
export const amounts: DecoderAmounts = { soft: 20, lora: 8, classes: 2 };

/** Draws the table: what is written or trained, how many weights that is. */
export function drawWays(part: Part, { decoder }: GptState): void {
  drawPanelTitle(
    part('ways-title'),
    t('gpt.ways'),
    t('gpt.waysNote', { all: formatCount(decoder.parameters) }),
  );
  drawDataTable(
    part('ways'),
    [
      { heading: t('gpt.ways.way'), text: ({ way }) => t(`gpt.way.${way}`, { ...amounts }) },
      { heading: t('gpt.ways.moving'), isNumber: true, text: ({ moving }) => formatCount(moving) },
      {
        heading: t('gpt.ways.share'),
        isNumber: true,
        text: ({ moving }) => formatPercent(moving / decoder.parameters),
      },
      {
        heading: t('gpt.ways.answer'),
        text: ({ writes }) => (writes ? t('gpt.ways.writes') : t('gpt.ways.head')),
      },
    ],
    countWays(decoder, amounts),
  );
  part('ways').setAttribute('class', 'data gpt-ways');
}
