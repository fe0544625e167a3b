/** What the lens's panels share: their titles, choices and places in the shell. */
import { select } from 'd3';
import { setText } from '../kit/join.ts';

/** Finds a part of the lens's shell by name. */
export type Part = <E extends Element = HTMLElement>(name: string) => E;

/** A panel's title with its remark. */
export function drawPanelTitle(title: HTMLElement, text: string, note = ''): void {
  if (!title.querySelector('b')) {
    title.textContent = '';
    const root = select(title);
    root.append('b');
    root.append('span');
  }
  setText(title.querySelector('b'), text);
  setText(title.querySelector('span'), note ? ` ${note}` : '');
}

/** Makes a choice in the markup, for the first frame, and in the control, which no longer follows its markup once used. */
export function choose<K extends string>(
  control: HTMLElement & Partial<Record<K, boolean>>,
  key: K,
  isChosen: boolean,
): void {
  control.toggleAttribute(key, isChosen);
  if (control[key] !== isChosen) Object.assign(control, { [key]: isChosen });
}

/** Draws the options of a select: value and words. */
export function drawOptions(
  control: HTMLElement,
  options: readonly (readonly [value: string, text: string])[],
  chosen: string,
): void {
  select(control)
    .selectAll<HTMLOptionElement, (typeof options)[number]>('option')
    .data(options)
    .join('option')
    .attr('value', ([value]) => value)
    .text(([, text]) => text)
    .each(function ([value]) {
      choose(this, 'selected', value === chosen);
    });
}
