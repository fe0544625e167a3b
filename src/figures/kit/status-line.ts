/** The line under a figure: the state's sign and word, then facts such as backend, threads and milliseconds. */
import { select } from 'd3';
import type { FigureStatus } from './figure-element.ts';

/** Draws the line into its element. `facts` are short sentences in reading order; `aside` stands at the far end. */
export function drawStatusLine(
  line: HTMLElement,
  {
    status,
    word,
    facts,
    aside = '',
  }: { status: FigureStatus; word: string; facts: readonly string[]; aside?: string },
): void {
  const parts = [
    { kind: 'state', text: word },
    ...facts.filter(Boolean).map((text) => ({ kind: 'fact', text })),
    ...(aside ? [{ kind: 'grow', text: aside }] : []),
  ];
  const items = select(line)
    .selectAll<HTMLSpanElement, (typeof parts)[number]>('span.part')
    .data(parts)
    .join((enter) => {
      const item = enter.append('span');
      item.append('i').attr('aria-hidden', 'true');
      item.append('span');
      return item;
    })
    .attr('class', (part) => `part ${part.kind}`)
    .attr('data-s', (part) => (part.kind === 'state' ? status : null));
  items.select('i').attr('hidden', (part) => (part.kind === 'state' ? null : ''));
  items.select('span').text((part) => part.text);
}
