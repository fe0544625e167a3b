/** The walk before anything is drawn into it: rows, native controls and their words. */
import { t } from '../../site/strings.ts';
import { iconMarkup } from '../kit/icons.ts';

/** Markup of the figure's rows, status line and table. `id` keeps names apart from other figures'. */
export function walkShell(id: string): string {
  const button = (part: string, text: string, sign = '') =>
    `<button class="btn" type="button" data-part="${part}">${sign}<span>${text}</span></button>`;
  return `<div class="fig-body" data-part="drop">
<div class="fig-row walk-tools" data-needs="script">
<label class="field"><span>${t('walk.network')}</span><select data-part="networks"></select></label>
<label class="btn">${iconMarkup('upload')}${t('walk.file')}<input class="sr-only" type="file" multiple data-part="file"></label>
</div>
<div data-part="stage"></div>
<div class="fig-row walk-way">
<div class="walk-groups" role="group" aria-label="${t('walk.blocks')}" data-part="groups"></div>
<svg class="walk-path" data-part="path" role="img" viewBox="0 0 1000 64" preserveAspectRatio="none"></svg>
<div class="walk-controls" data-needs="script">
<p class="walk-slider"><label for="${id}-step">${t('walk.step')}</label> <output for="${id}-step" data-part="place"></output></p>
<input type="range" id="${id}-step" min="1" step="1" data-part="slider">
<p class="walk-buttons">${button('previous', t('walk.previous'))}${button('next', t('walk.next'))}${button('play', t('walk.play'))}</p>
</div>
</div>
<div class="fig-row walk-step" data-part="step"></div>
<div class="fig-row walk-rule" data-part="rule"></div>
</div>
<div class="fig-line" data-part="line"></div>
<details class="walk-table" data-part="details"><summary>${t('figure.numbers')}</summary><div class="scroll-x" tabindex="0" role="region" aria-label="${t('walk.table')}"><table data-part="table"></table></div><p data-needs="script">${button('csv', t('walk.csv'))}</p></details>
<p class="sr-only" role="status" data-part="live"></p>`;
}
