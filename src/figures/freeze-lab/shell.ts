/** The lab before anything is drawn into it, and the parts that it gets once it is awake. */
import { presets, weightKinds } from '../../labs/freeze-lab/choice.ts';
import { optimizers } from '../../labs/freeze-lab/settings.ts';
import { networkIds, type Reads } from '../../labs/freeze-lab/network.ts';
import { shotChoices, subjectsOf } from '../../labs/freeze-lab/task-choice.ts';
import { t } from '../../site/strings.ts';

/** Markup of the first frame. `id` keeps the names of radio buttons apart from other figures'. */
export function freezeShell(id: string): string {
  const radio = (group: string, value: string, text: string) =>
    `<label><input type="radio" name="${id}-${group}" value="${value}">${text}</label>`;
  const chosen = [...presets.map((one) => radio('preset', one, t(`freeze.preset.${one}`)))];
  const networks = networkIds.map((one) => radio('network', one, t(`freeze.network.${one}`)));
  return `<div class="fig-body">
<div class="fig-row freeze-top"><fieldset class="segmented stack" data-part="presets"><legend class="sr-only">${t('freeze.presets')}</legend>${chosen.join('')}</fieldset><p class="sum" data-part="sum"></p></div>
<div class="fig-row"><ol class="freeze-net" data-part="net" aria-label="${t('freeze.net')}"></ol><dl class="freeze-counts" data-part="counts"></dl></div>
<div class="fig-row freeze-run" data-needs="script"><fieldset class="field"><legend>${t('freeze.network')}</legend><span class="segmented" data-part="networks">${networks.join('')}</span></fieldset><fieldset class="field"><legend>${t('freeze.shots')}</legend><span class="segmented" data-part="shots">${shotsMarkup(`${id}-shots`, 'pictures')}</span></fieldset><div data-part="stage"></div>
<details class="freeze-more"><summary>${t('freeze.more')}</summary><div data-part="fields"></div></details></div>
<div class="fig-row freeze-results" data-part="results" hidden></div>
</div>
<div class="fig-line" data-part="line"></div>
<details class="freeze-table"><summary>${t('figure.numbers')}</summary><div class="scroll-x" tabindex="0" role="region" aria-label="${t('figure.numbers')}"><table data-part="table"></table></div></details>
<p class="sr-only" role="status" data-part="live"></p>`;
}

/** Markup of the numbers of examples that can be chosen; `group` is the name of the radio buttons. */
export function shotsMarkup(group: string, reads: Reads): string {
  const radios = shotChoices[reads].map(
    (count) => `<label><input type="radio" name="${group}" value="${count}">${count}</label>`,
  );
  return radios.join('');
}

/** Markup of what a run follows from beside the choice; closed until the reader opens it. What texts have no use for is left out. */
export function fieldsShell(reads: Reads): string {
  const select = (field: string, label: string, options: readonly (readonly [string, string])[]) =>
    `<label class="field"><span>${label}</span><select data-field="${field}">${options
      .map(([value, text]) => `<option value="${value}">${text}</option>`)
      .join('')}</select></label>`;
  const number = (field: string, label: string) =>
    `<label class="field"><span>${label}</span><input class="text-input" type="text" inputmode="decimal" autocomplete="off" data-field="${field}"></label>`;
  return `<div class="freeze-fields">
${select(
  'subject',
  t('freeze.subject'),
  subjectsOf(reads).map((one) => [one, t(`freeze.subject.${one}`)]),
)}
${number('seed', t('freeze.seed'))}${number('steps', t('freeze.steps'))}
${number('head', t('freeze.rate.head'))}${number('backbone', t('freeze.rate.backbone'))}
${select(
  'optimizer',
  t('freeze.optimizer'),
  optimizers.map((one) => [one, t(`freeze.optimizer.${one}`)]),
)}
${
  reads === 'texts'
    ? ''
    : select('norms', t('freeze.norms'), [
        ['stored', t('freeze.norms.stored')],
        ['batch', t('freeze.norms.batch')],
      ])
}
${select(
  'moves',
  t('freeze.moves'),
  weightKinds.map((one) => [one, t(`freeze.moves.${one}`)]),
)}
${select('start', t('freeze.start'), [
  ['pretrained', t('freeze.start.pretrained')],
  ['random', t('freeze.start.random')],
])}
${select(
  'backend',
  t('backend.label'),
  (['auto', 'wasm', 'webgpu'] as const).map((one) => [one, t(`backend.${one}`)]),
)}
<label class="checkbox"><input type="checkbox" data-field="pace">${t('freeze.gradual')}</label>
</div><p class="small">${t(`freeze.subject.hint.${reads}`)}</p><p class="small">${t(`freeze.norms.hint.${reads}`)}</p>`;
}

/** Markup of what a run shows, once there is one. */
export function resultsShell(): string {
  return `<div><p class="panel-title">${t('freeze.loss')} <span>${t('freeze.lossMore')}</span></p><svg class="chart run-chart" data-part="loss" role="img"></svg></div>
<div><p class="panel-title">${t('freeze.accuracy')} <span data-part="asked"></span></p><svg class="chart run-chart" data-part="accuracy" role="img"></svg></div>
<div class="log run-log"><p class="panel-title">${t('freeze.log')} <span>${t('freeze.logMore')}</span></p><div class="scroll-x" tabindex="0" role="region" aria-label="${t('freeze.log')}"><table class="data" data-part="log"></table></div><p class="run-ways" data-part="log-ways"></p></div>
<div class="freeze-said" data-part="said"></div>`;
}
