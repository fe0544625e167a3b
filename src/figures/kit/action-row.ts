/** The buttons of a stage: what can be done now, each with an icon and a note where there are some. */
import { select } from 'd3';
import { iconMarkup, type IconName } from './icons.ts';
import { keyed, setText } from './join.ts';

/** A button of a stage. */
export interface StageAction {
  action: string;
  kind: string;
  icon?: IconName;
  text: string;
  note?: string;
  isOff?: boolean;
}

/** Draws the row. A pressed button that goes hands the keyboard on to the first that stands then. */
export function drawActions(stage: HTMLElement, actions: readonly StageAction[]): void {
  const focused = stage.ownerDocument.activeElement;
  const isPressed = focused?.closest('.actions')?.parentElement === stage;
  const row = select(stage)
    .selectAll<HTMLElement, number>('.actions')
    .data([0])
    .join((enter) => enter.append('p').attr('class', 'actions'));
  row
    .selectAll<HTMLButtonElement, StageAction>('button')
    .data(
      actions,
      keyed(({ action }) => action),
    )
    .join((enter) => {
      const button = enter.append('button').attr('type', 'button');
      button.append('span').attr('class', 'icon-slot');
      button.append('span').attr('class', 'text');
      button.append('small');
      return button;
    })
    .order()
    .attr('data-key', ({ action }) => action)
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
  if (isPressed && !focused.isConnected)
    row.select<HTMLButtonElement>('button:not([disabled])').node()?.focus();
}
