/** The figure before a network is open, which the build draws, and the parts that it gets then. */
import { t } from '../../site/strings.ts';
import { iconMarkup } from '../kit/icons.ts';
import { atlasRows, atlasTable } from '../model-atlas/shell.ts';

/** Markup of the first frame. `sample` says how many bytes the course's own network has, in words. */
export function ownShell(sample: string): string {
  const promises = (['look', 'run', 'train'] as const).map(
    (word) => `<li><b>${t(`own.promise.${word}`)}</b> ${t(`own.promise.${word}.more`)}</li>`,
  );
  return `<div class="fig-body" data-part="drop">
<div class="fig-row own-start" data-part="start">
<div class="own-drop"><p class="own-lead">${t('own.drop')}</p>
<p class="own-ways" data-needs="script"><label class="btn btn-primary">${iconMarkup('upload')}${t('own.choose')}<input class="sr-only" type="file" multiple data-part="file"></label><button class="btn" type="button" data-part="sample"><span>${t('own.sample')}</span><small>${sample}</small></button></p>
<p class="small">${t('own.several')}</p></div>
<ul class="own-promises">${promises.join('')}</ul>
</div>
<div data-part="stage"></div>
<div data-part="opened" hidden></div>
</div>
<div class="fig-line" data-part="own-line"></div>
<p class="sr-only" role="status" data-part="live"></p>`;
}

/** Markup of everything that an open network gets. `id` keeps names apart from other figures'. */
export function openedShell(id: string): string {
  const select = (part: string, label: string, words: readonly [string, string][]) =>
    `<label class="field"><span>${label}</span><select data-field="${part}">${words
      .map(([value, text]) => `<option value="${value}">${text}</option>`)
      .join('')}</select></label>`;
  const text = (part: string, label: string) =>
    `<label class="field"><span>${label}</span><input class="text-input" type="text" data-field="${part}" autocomplete="off" spellcheck="false"></label>`;
  return `<div class="fig-row own-facts" data-part="facts"></div>
${atlasRows(id)}
<div class="fig-row"><p class="panel-title"><b>${t('own.train')}</b> <span>${t('own.train.hint')}</span></p>
<p data-part="count"></p>
<p class="own-ways" data-part="train">${(['box', 'head', 'all', 'none'] as const)
    .map(
      (which) =>
        `<button class="btn" type="button" data-train="${which}">${t(`own.train.${which}`)}</button>`,
    )
    .join('')}</p></div>
<div class="fig-row"><p class="panel-title"><b>${t('own.run')}</b> <span>${t('own.run.hint')}</span></p>
<div class="own-inputs" data-part="inputs"></div>
<div class="own-materials">
<fieldset class="own-fields" data-part="picture-fields"><legend>${t('own.picture')}</legend>
<p class="own-ways"><label class="btn">${iconMarkup('upload')}${t('own.picture.choose')}<input class="sr-only" type="file" accept="image/*" data-part="picture-file"></label><span class="small" data-part="picture-name"></span></p>
${select('preset', t('own.preset'), [
  ['', t('own.preset.own')],
  ['unit', t('own.preset.unit')],
  ['imagenet', t('own.preset.imagenet')],
  ['signed', t('own.preset.signed')],
  ['bytes', t('own.preset.bytes')],
])}
${text('divisor', t('own.divisor'))}${text('mean', t('own.mean'))}${text('std', t('own.std'))}
${select('fit', t('own.fit'), [
  ['crop', t('own.fit.crop')],
  ['contain', t('own.fit.contain')],
  ['stretch', t('own.fit.stretch')],
])}
${select('channels', t('own.channels'), [
  ['rgb', t('own.channels.rgb')],
  ['bgr', t('own.channels.bgr')],
  ['grey', t('own.channels.grey')],
])}
${select('layout', t('own.layout'), [
  ['nchw', t('own.layout.nchw')],
  ['nhwc', t('own.layout.nhwc')],
])}
</fieldset>
<fieldset class="own-fields" data-part="text-fields"><legend>${t('own.text')}</legend>
<p class="own-ways"><label class="btn">${iconMarkup('upload')}${t('own.vocabulary.choose')}<input class="sr-only" type="file" accept=".txt,.json" multiple data-part="vocabulary-file"></label><span class="small" data-part="vocabulary-name"></span></p>
<label class="checkbox"><input type="checkbox" data-part="lower-case">${t('own.lowerCase')}</label>
<label class="field own-wide"><span>${t('own.text.label')}</span><textarea class="text-input" rows="2" data-part="text"></textarea></label>
</fieldset>
<label class="field own-seed"><span>${t('own.seed')}</span><input class="text-input" type="text" inputmode="numeric" data-field="seed" autocomplete="off"></label>
</div>
<div data-part="run-stage"></div>
<p class="own-ways"><button class="btn btn-primary" type="button" data-action="run"><span></span><small></small></button><button class="btn btn-quiet" type="button" data-action="cancel">${t('figure.cancel')}</button><button class="btn" type="button" data-action="check">${t('own.check')}</button></p>
<p data-part="checked" role="status"></p>
<div class="own-results" data-part="results"></div></div>
<div class="fig-line" data-part="line"></div>
${atlasTable()}`;
}
