/** What the lens's panels share: their titles, choices and places in the shell. */
import { select } from 'd3';
import { saying, setText } from '../kit/join.ts';
import type { RunState } from '../resnet-lens/run-state.ts';

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

/** Writes a value into a field without moving the reader's cursor. */
export function setField(field: HTMLInputElement, value: string): void {
  if (field.getAttribute('value') === null) field.setAttribute('value', value);
  if (field.value !== undefined && field.value !== value) field.value = value;
}

/** Draws the choice of a backend; what this browser has not cannot be chosen. */
export function drawBackends(
  control: HTMLElement,
  { backend, hasWebgpu }: Pick<RunState, 'backend' | 'hasWebgpu'>,
): void {
  select(control)
    .selectAll<HTMLOptionElement, unknown>('option')
    .each(function () {
      choose(this, 'selected', this.value === backend);
      this.toggleAttribute('disabled', this.value === 'webgpu' && hasWebgpu === false);
    });
}

/** Draws a table's caption. */
export function drawCaption(table: HTMLElement, text: string): void {
  const caption =
    table.querySelector('caption') ??
    table.insertBefore(table.ownerDocument.createElement('caption'), table.firstChild);
  setText(caption, text);
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
    .each(saying(([, text]) => text))
    .each(function ([value]) {
      choose(this, 'selected', value === chosen);
    });
}
