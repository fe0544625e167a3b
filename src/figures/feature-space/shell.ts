/** The feature space before anything is drawn into it. Only the build needs this. */
import { t } from '../../site/strings.ts';
import { iconMarkup } from '../kit/icons.ts';
import { projections } from './model.ts';
import { sourceName } from './words.ts';

/** Markup of the rows and the status line. `id` keeps the names of its radio buttons apart from other figures'. */
export function spaceShell(id: string, sources: readonly string[]): string {
  const radios = sources.map(
    (source) =>
      `<label><input type="radio" name="${id}-source" value="${source}">${sourceName(source)}</label>`,
  );
  const projected = projections.map(
    (one) =>
      `<label><input type="radio" name="${id}-projection" value="${one}">${t(`space.projection.${one}`)}</label>`,
  );
  return `<div class="fig-body">
<div class="fig-row space-choices" data-needs="script">
<fieldset class="field"><legend>${t('space.source')}</legend><div class="segmented" data-part="source">${radios.join('')}</div></fieldset>
<div class="space-stage" data-part="stage"></div>
<div class="space-ways" data-part="ways" hidden><fieldset class="field"><legend>${t('space.projection')}</legend><div class="segmented">${projected.join('')}</div></fieldset><label class="btn">${iconMarkup('upload')}${t('space.add')}<input class="sr-only" type="file" accept="image/*" multiple data-part="file"></label></div>
</div>
<div class="fig-row space-main">
<div><p class="panel-title" data-part="title"></p><div data-part="map"></div></div>
<div class="space-side">
<p class="panel-title">${t('space.things')} <span>${t('space.thingsHint')}</span></p><ul class="space-things" data-part="things"></ul>
<p class="space-chosen" data-part="chosen"></p>
<p class="panel-title">${t('space.accuracy')} <span>${t('space.accuracyHint')}</span></p><div class="scroll-x" tabindex="0" role="region" aria-label="${t('space.accuracy')}"><table data-part="accuracy"></table></div>
</div>
</div>
</div>
<div class="fig-line" data-part="line"></div>
<p class="sr-only" role="status" data-part="live"></p>`;
}
