/** The likeliest classes: name, ink bar on a sunk track, number. */
import { select } from 'd3';
import { formatPercent } from './format.ts';
import { saying } from './join.ts';

export interface ClassScore {
  name: string;
  /** 0 … 1; undefined while nothing is known. */
  probability: number | undefined;
}

/** Draws one list item per class into an ordered list, likeliest first. */
export function drawProbabilityBars(list: HTMLElement, scores: readonly ClassScore[]): void {
  const items = select(list)
    .selectAll<HTMLLIElement, ClassScore>('li')
    .data(scores)
    .join((enter) => {
      const item = enter.append('li');
      item.append('span').attr('class', 'class-name');
      item.append('span').attr('class', 'bar').attr('aria-hidden', 'true').append('i');
      item.append('span').attr('class', 'num');
      return item;
    });
  items.select('.class-name').each(saying((score) => score.name));
  items.select('.bar i').style('--v', (score) => (score.probability ?? 0).toFixed(4));
  items
    .select('.num')
    .each(saying((score) => (score.probability === undefined ? '' : formatPercent(score.probability))));
}
