/** The buttons of a stage: what can be done now, each with an icon and a note where there are some. */
import { select } from 'd3';
import { iconMarkup, type IconName } from './icons.ts';
import { setText } from './join.ts';

/** A button of a stage. */
export interface StageAction {
  action: string;
  kind: string;
  icon?: IconName;
  text: string;
  note?: string;
  isOff?: boolean;
}

/**
 * Draws the row. A place keeps its element when another action takes it, so that a pointer that rests there does not enter anew. The
 * keyboard stays with its action, or goes to the first one when that goes.
 */
export function drawActions(stage: HTMLElement, actions: readonly StageAction[]): void {
  const focused = stage.ownerDocument.activeElement;
  const held = focused?.closest('.actions')?.parentElement === stage && focused.getAttribute('data-action');
  const row = select(stage)
    .selectAll<HTMLElement, number>('.actions')
    .data([0])
    .join((enter) => enter.append('p').attr('class', 'actions'));
  row
    .selectAll<HTMLButtonElement, StageAction>('button')
    .data(actions)
    .join((enter) => {
      const button = enter.append('button').attr('type', 'button');
      button.append('span').attr('class', 'icon-slot');
      button.append('span').attr('class', 'text');
      button.append('small');
      return button;
    })
    .attr('data-action', ({ action }) => action)
    .attr('class', ({ kind }) => `btn ${kind}`.trim())
    .attr('disabled', ({ isOff }) => (isOff ? '' : null))
    .each(function ({ icon, text, note = '' }) {
      const slot = this.querySelector('.icon-slot');
      if (slot && slot.getAttribute('data-icon') !== (icon ?? '')) {
        slot.setAttribute('data-icon', icon ?? '');
        slot.innerHTML = icon ? iconMarkup(icon) : '';
      }
      setText(this.querySelector('.text'), text);
      setText(this.querySelector('small'), note);
    });
  if (!held) return;
  const free = [...row.selectAll<HTMLButtonElement, StageAction>('button:not([disabled])')];
  const heir = free.find((button) => button.getAttribute('data-action') === held) ?? free[0];
  if (heir !== focused) heir?.focus();
}
