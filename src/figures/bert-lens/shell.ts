/** The lens before anything is drawn into it: rows, native controls and their words. Only the build needs this. */
import { ways } from '../../labs/bert-lens/adaptation.ts';
import { t } from '../../site/strings.ts';
import { backendWishes } from '../resnet-lens/run-state.ts';

/**
 * Markup of the lens's rows and status line: all of them, or those up to the candidates. `id` keeps the names of its radio buttons apart
 * from other figures'.
 */
export function bertShell(id: string, isWhole = true): string {
  return `<div class="fig-body" data-part="drop">
${textRows(t('bert.text'))}
<div class="fig-row"><ol class="shape-strip" data-part="chain" aria-label="${t('bert.chain')}"></ol></div>
<div class="fig-row bert-mid">
${attentionPanels()}
</div>
<div class="fig-row mask-row">
<div>${title('words')}<div class="mask-line" data-part="words" dir="auto"></div>${matrixPanel()}</div>
<div>${title('candidates')}<ol class="top5 bert-candidates" data-part="candidates"></ol></div>
</div>
<div class="fig-row">${title('depths')}<div class="scroll-x" tabindex="0" role="region" aria-label="${t('bert.depths')}"><table class="bert-depths" data-part="depths"></table></div></div>
${isWhole ? wholeRows(id) : ''}</div>
<div class="fig-line" data-part="line"></div>
<details class="lens-table"><summary>${t('figure.numbers')}</summary><div class="scroll-x" tabindex="0" role="region" aria-label="${t('figure.numbers')}"><table data-part="table-tokens"></table>${isWhole ? '<table data-part="table-cosines"></table><table data-part="table-parts"></table>' : ''}</div></details>
<p class="sr-only" role="status" data-part="live"></p>`;
}

/** The text, samples, the stage of the run, the backend where there is a choice, and room for notes. */
export function textRows(label: string, hasBackends = true): string {
  const backends = backendWishes
    .map((wish) => `<option value="${wish}">${t(`backend.${wish}`)}</option>`)
    .join('');
  const choice = `<label class="field bert-backend"><span>${t('backend.label')}</span><select data-part="backend">${backends}</select></label>`;
  return `<div class="fig-row bert-in" data-needs="script">
<label class="field bert-text"><span>${label}</span><input class="text-input" type="text" data-part="text" autocomplete="off" spellcheck="false" dir="auto"></label>
<label class="field bert-samples"><span>${t('bert.samples')}</span><select data-part="samples"><option value="">${t('bert.sample.none')}</option></select></label>
</div>
<div class="fig-row bert-run" data-needs="script">
<div data-part="stage"></div>
${hasBackends ? choice : ''}
</div>
<p class="bert-notes small" data-part="notes"></p>`;
}

/** Arcs over the tokens, and the small maps. */
export function attentionPanels(): string {
  return `<div class="bert-arcs">${title('attention')}<div class="bert-tokens" data-part="arcs"><svg class="arcs across" data-part="across" aria-hidden="true" preserveAspectRatio="none"></svg><svg class="arcs down" data-part="down" aria-hidden="true" preserveAspectRatio="none"></svg><div class="tokens" data-part="tokens" role="group" aria-label="${t('bert.tokens')}"></div></div></div>
<div class="heads-slot">${title('heads')}<div class="heads" data-part="heads" role="group"></div></div>`;
}

/** The matrix of the chosen head. */
export function matrixPanel(): string {
  return `${title('matrix')}<svg class="bert-matrix" data-part="matrix" role="img" tabindex="0"></svg><p class="small" data-part="cell"></p>`;
}

/** A panel's title, to be drawn. */
export function title(part: string): string {
  return `<p class="panel-title" data-part="${part}-title"></p>`;
}

/** Tensors, ways to adapt, two sentences. */
function wholeRows(id: string): string {
  const radios = ways
    .map(
      (way) => `<label><input type="radio" name="${id}-way" value="${way}">${t(`bert.way.${way}`)}</label>`,
    )
    .join('');
  return `<div class="fig-row"><div class="bert-tensor-head"><label class="field bert-inline"><span>${t('bert.tensors')}</span><select data-part="part"></select></label><span class="small">${t('bert.tensorsNote')}</span></div><ol class="bert-tensors" data-part="tensors"></ol><p class="small">${t('bert.segments')}</p></div>
<div class="fig-row">${title('adapt')}<fieldset class="field"><legend class="sr-only">${t('bert.adapt')}</legend><div class="segmented" data-part="way">${radios}</div></fieldset><label class="field bert-amount" data-part="amount"><span></span><input type="range" data-part="amount-input"></label><p class="bert-count" data-part="count"></p><ol class="bert-parts" data-part="parts"></ol></div>
<div class="fig-row">${title('context')}<label class="field" data-needs="script"><span>${t('bert.other')}</span><input class="text-input" type="text" data-part="other" autocomplete="off" spellcheck="false" dir="auto"></label>
<p class="small" data-part="context-note"></p>
<div class="bert-context" data-part="context"><div><label class="field bert-inline"><span>${t('bert.pair')}</span><select data-part="pair"></select></label><ol class="top5 bert-cosines" data-part="cosines"></ol></div><div><label class="field bert-inline"><span>${t('bert.map')}</span><select data-part="depth"></select></label><svg class="bert-map" data-part="map" role="img"></svg><p class="small" data-part="map-note"></p></div></div></div>`;
}
