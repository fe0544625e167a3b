/** The figure before anything is drawn into it, and the parts that it gets once it is awake. */
import { DOMAINS } from '../../data/sentences/labelled.ts';
import { shotChoices, starts, subjects, ways } from '../../labs/sentiment/settings.ts';
import { t } from '../../site/strings.ts';

/** Markup of the first frame. `id` keeps the names of radio buttons apart from other figures'. */
export function sentimentShell(id: string): string {
  const radio = (group: string, value: string, text: string) =>
    `<label><input type="radio" name="${id}-${group}" value="${value}">${text}</label>`;
  const box = (value: string) =>
    `<label class="checkbox" data-subject="${value}"${value === 'own' ? ' hidden' : ''}><input type="checkbox" data-source value="${value}">${subjectText(value)}</label>`;
  const option = (value: string) => `<option value="${value}">${subjectText(value)}</option>`;
  return `<div class="fig-body">
<div class="fig-row sent-top"><fieldset class="segmented stack" data-part="ways"><legend class="sr-only">${t('sentiment.way')}</legend>${ways.map((way) => radio('way', way, t(`sentiment.way.${way}`))).join('')}</fieldset><p class="sum" data-part="sum"></p></div>
<div class="fig-row"><p class="panel-title">${t('sentiment.matrix')} <span>${t('sentiment.matrixMore')}</span></p><div class="scroll-x" tabindex="0" role="region" aria-label="${t('sentiment.matrix')}"><table class="data sent-matrix" data-part="matrix"></table></div><p class="small" data-part="matrix-of"></p></div>
<div class="fig-row sent-run" data-needs="script">
<label class="field"><span>${t('sentiment.start')}</span><select data-field="start">${starts.map((start) => `<option value="${start}">${t(`sentiment.start.${start}`)}</option>`).join('')}</select></label>
<fieldset class="field"><legend>${t('sentiment.sources')}</legend><span class="sent-boxes" data-part="sources">${subjects.map(box).join('')}</span></fieldset>
<label class="field"><span>${t('sentiment.target')}</span><select data-field="to">${DOMAINS.map(option).join('')}</select></label>
<fieldset class="field"><legend>${t('sentiment.shots')}</legend><span class="segmented" data-part="shots">${shotChoices.map((count) => radio('shots', String(count), String(count))).join('')}</span></fieldset>
<div class="sent-stage" data-part="stage"></div>
<details class="sent-more"><summary>${t('sentiment.more')}</summary><div data-part="fields"></div></details>
<details class="sent-more"><summary>${t('sentiment.table')}</summary><div data-part="own"></div></details>
</div>
<div class="fig-row sent-results" data-part="results" hidden></div>
</div>
<div class="fig-line" data-part="line"></div>
<details class="sent-numbers"><summary>${t('figure.numbers')}</summary><div class="scroll-x" tabindex="0" role="region" aria-label="${t('figure.numbers')}"><table data-part="numbers"></table></div></details>
<p class="sr-only" role="status" data-part="live"></p>`;
}

function subjectText(value: string): string {
  return t(`sentiment.subject.${value}` as 'sentiment.subject.films');
}

/** Markup of what a run follows from beside the choice; closed until the reader opens it. */
export function fieldsShell(): string {
  const number = (field: string, label: string) =>
    `<label class="field"><span>${label}</span><input class="text-input" type="text" inputmode="decimal" autocomplete="off" data-field="${field}"></label>`;
  const backends = (['auto', 'wasm', 'webgpu'] as const).map(
    (one) => `<option value="${one}">${t(`backend.${one}`)}</option>`,
  );
  return `<div class="sent-fields">${number('rate', t('sentiment.rate'))}${number('epochs', t('sentiment.epochs'))}${number('seed', t('sentiment.seed'))}
<label class="field"><span>${t('backend.label')}</span><select data-field="backend">${backends.join('')}</select></label></div><p class="small">${t('sentiment.rate.hint')}</p>`;
}

/** Markup of the reader's own table; closed until the reader opens it. */
export function ownShell(): string {
  return `<p class="small">${t('sentiment.tableHint')}</p>
<label class="field"><span>${t('sentiment.tableField')}</span><textarea class="text-input" rows="5" spellcheck="false" autocomplete="off" dir="auto" data-part="table"></textarea></label>
<div data-part="own-news" role="status"></div>
<p class="actions"><button class="btn" type="button" data-own="use">${t('sentiment.tableUse')}</button><label class="btn sent-file"><input type="file" accept=".csv,text/csv,text/plain" class="sr-only" data-part="file">${t('sentiment.tableFile')}</label><button class="btn btn-quiet" type="button" data-own="sample">${t('sentiment.tableSample')}</button><button class="btn btn-quiet" type="button" data-own="drop" hidden>${t('sentiment.tableDrop')}</button></p>`;
}

/** Markup of what a run shows, once there is one. */
export function resultsShell(): string {
  return `<div class="sent-curves"><p class="panel-title">${t('sentiment.loss')} <span>${t('sentiment.lossMore')}</span></p><svg class="chart run-chart" data-part="loss" role="img"></svg></div>
<div class="sent-curves"><p class="panel-title">${t('sentiment.accuracy')} <span data-part="asked"></span></p><svg class="chart run-chart" data-part="accuracy" role="img"></svg></div>
<p class="sent-said" data-part="said"></p>
<div data-judged><p class="panel-title"><b data-part="errors-of"></b> <span>${t('sentiment.errorsMore')}</span></p><table class="data sent-errors" data-part="errors"></table><label class="field"><span>${t('sentiment.threshold')} <output data-part="threshold-value"></output></span><input type="range" min="0" max="100" step="1" data-part="threshold"></label><p class="small" data-part="rates"></p></div>
<div data-judged><p class="panel-title">${t('sentiment.calibration')} <span data-part="ece"></span></p><svg class="chart run-chart sent-calibration" data-part="calibration" role="img"></svg></div>
<div class="sent-own" data-judged><p class="panel-title">${t('sentiment.own')} <span data-part="own-of"></span></p><label class="field"><span>${t('sentiment.sentence')}</span><textarea class="text-input" rows="2" dir="auto" autocomplete="off" data-part="sentence"></textarea></label><div data-part="reading"><p class="verdict" data-part="verdict" hidden></p><p class="panel-title" data-part="words-title" hidden>${t('sentiment.words')} <span>${t('sentiment.wordsMore')}</span></p><ul class="sent-words" dir="auto" data-part="words" aria-label="${t('sentiment.words')}" hidden></ul><div data-part="notes"></div></div></div>
<div class="log run-log"><p class="panel-title">${t('sentiment.log')} <span>${t('sentiment.logMore')}</span></p><div class="scroll-x" tabindex="0" role="region" aria-label="${t('sentiment.log')}"><table class="data" data-part="log"></table></div><p class="run-ways" data-part="log-ways"></p></div>`;
}
