/** The atlas before anything is drawn into it: rows, native controls and their words. */
import { t } from '../../site/strings.ts';
import { levels } from './model.ts';

/** Markup of the atlas's rows and status line. `id` keeps the names of its radio buttons apart from other figures'. */
export function atlasShell(id: string, networks: readonly string[]): string {
  return `<div class="fig-body" data-part="drop">
<div data-part="stage"></div>
<div class="fig-row" data-needs="script"><label class="field atlas-network">${t('atlas.network')}<select data-part="network">${networks.map((name) => `<option>${name}</option>`).join('')}</select></label></div>
${atlasRows(id)}
</div>
<div class="fig-line" data-part="line"></div>
${atlasTable()}
<details class="atlas-table"><summary>${t('side.title')}</summary><div class="scroll-x" tabindex="0" role="region" aria-label="${t('side.title')}"><table data-part="side-table"></table></div><p class="small" data-part="side-note" role="status"></p><p data-needs="script"><button class="btn" type="button" data-part="side-measure"></button> <button class="btn" type="button" data-part="side-csv">${t('atlas.csv')}</button></p></details>
<p class="sr-only" role="status" data-part="live"></p>`;
}

/** The rows with controls, drawing and details, for any figure that holds an atlas. */
export function atlasRows(id: string): string {
  const levelRadios = levels.map(
    (level) =>
      `<label><input type="radio" name="${id}-level" value="${level}">${t(`atlas.level.${level}`)}</label>`,
  );
  const button = (part: string, sign: string, label: string) =>
    `<button class="btn" type="button" data-part="${part}" aria-label="${label}">${sign}</button>`;
  return `<div class="fig-row atlas-tools" data-needs="script">
<fieldset class="field"><legend>${t('atlas.level')}</legend><div class="segmented" data-part="levels">${levelRadios.join('')}</div></fieldset>
<div class="field atlas-search"><label for="${id}-search">${t('atlas.search')}</label><input class="text-input" type="search" id="${id}-search" data-part="search" autocomplete="off" spellcheck="false"></div>
<div class="atlas-zoom">${button('zoom-out', '−', t('atlas.zoomOut'))}${button('zoom-in', '+', t('atlas.zoomIn'))}<button class="btn" type="button" data-part="fit">${t('atlas.fit')}</button><button class="btn" type="button" data-part="svg">${t('atlas.svg')}</button><button class="btn" type="button" data-part="png">${t('atlas.png')}</button></div>
</div>
<div class="atlas-found" data-part="found" hidden></div>
<div class="fig-row atlas-mid">
<div class="atlas-scroll" data-part="scroll"><svg class="atlas-map" data-part="map" role="group"></svg></div>
<div class="atlas-side"><div class="atlas-details" data-part="details"></div><div class="atlas-look" data-part="look" hidden></div></div>
</div>`;
}

/** The table of all operators. */
export function atlasTable(): string {
  return `<details class="atlas-table"><summary>${t('figure.numbers')}</summary><div class="scroll-x" tabindex="0" role="region" aria-label="${t('figure.numbers')}"><table data-part="table"></table></div><p data-needs="script"><button class="btn" type="button" data-part="csv">${t('atlas.csv')}</button></p></details>`;
}
