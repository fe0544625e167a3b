/** The race before anything is drawn into it: rows, native controls and their words. Only the build needs this. */
import { mostSeeds, raceMethods, raceSizes } from '../../labs/data-race/plan.ts';
import { t } from '../../site/strings.ts';

/** Markup of the race's rows and status line. `id` keeps the names of its radio buttons apart from other figures'. */
export function raceShell(id: string): string {
  const box = (value: string, words: string) =>
    `<label class="checkbox"><input type="checkbox" data-choice value="${value}">${words}</label>`;
  const methods = raceMethods.map((method) => box(method, t(`race.method.${method}`)));
  const sizes = raceSizes.map((size) => box(String(size), String(size)));
  const seeds = Array.from({ length: mostSeeds }, (_, at) => `<option>${at + 1}</option>`);
  const radios = raceSizes.map(
    (size) => `<label><input type="radio" name="${id}-at" data-at value="${size}">${size}</label>`,
  );
  return `<div class="fig-body">
<div class="fig-row race-choices" data-needs="script">
<fieldset class="field"><legend>${t('race.methods')}</legend><div class="race-boxes" data-part="methods">${methods.join('')}</div></fieldset>
<fieldset class="field"><legend>${t('race.sizes')}</legend><div class="race-boxes" data-part="sizes">${sizes.join('')}</div></fieldset>
<label class="field"><span>${t('race.seeds')}</span><select data-part="seeds">${seeds.join('')}</select></label>
</div>
<div class="fig-row race-run" data-needs="script"><div class="race-stage" data-part="stage"></div></div>
<div class="fig-row race-main">
<div><p class="panel-title">${t('race.chart')} <span>${t('race.chartHint')}</span></p><div data-part="chart"></div></div>
<div class="race-side"><p class="panel-title">${t('race.costs')} <span>${t('race.costsHint')}</span></p><fieldset class="field" data-needs="script"><legend>${t('race.at')}</legend><div class="segmented" data-part="at">${radios.join('')}</div></fieldset><div class="scroll-x" tabindex="0" role="region" aria-label="${t('race.costs')}"><table data-part="costs"></table></div><p class="race-none" hidden></p></div>
</div>
</div>
<div class="fig-line" data-part="line"></div>
<details class="race-table"><summary>${t('figure.numbers')}</summary><div class="scroll-x" tabindex="0" role="region" aria-label="${t('figure.numbers')}"><table data-part="numbers"></table></div><p class="race-none" hidden></p><p data-needs="script"><button class="btn" type="button" data-action="csv">${t('race.csv')}</button></p></details>
<p class="sr-only" role="status" data-part="live"></p>`;
}
