/** The lens before anything is drawn into it: rows, native controls and their words. Only the build needs this. */
import { t } from '../../site/strings.ts';
import { iconMarkup } from '../kit/icons.ts';
import { approaches } from '../../labs/network-description.ts';
import { backendWishes } from './model.ts';

/** A network that the reader may choose, as the list says it. */
export interface NetworkChoice {
  id: string;
  words: string;
}

/** What can be taken away, in the order of the buttons. */
const savings = ['link', 'svg', 'png', 'csv'] as const;

/** Markup of the lens's rows and status line. `id` keeps the names of its radio buttons apart from other figures'; the first network is the bundled one. */
export function lensShell(id: string, networks: readonly NetworkChoice[] = []): string {
  const approachRadios = approaches.map(
    (approach) =>
      `<label><input type="radio" name="${id}-approach" value="${approach}">${t(`lens.approach.${approach}`)}</label>`,
  );
  const backendOptions = backendWishes.map(
    (wish) => `<option value="${wish}">${t(`backend.${wish}`)}</option>`,
  );
  const networkOptions = networks.map(({ id: value, words }) => `<option value="${value}">${words}</option>`);
  const saveButtons = savings.map(
    (kind) =>
      `<button type="button" class="btn btn-quiet" data-save="${kind}">${t(`lens.save.${kind}`)}</button>`,
  );
  return `<div class="fig-body" data-part="drop">
<div class="fig-row lens-in">
<div class="pictures" data-part="pictures" role="group" aria-label="${t('lens.pictures')}"></div>
<div class="ways" data-needs="script"><label class="btn">${iconMarkup('upload')}${t('lens.yourPicture')}<input class="sr-only" type="file" accept="image/*" data-part="file"></label><button type="button" class="btn" data-maker="camera" aria-expanded="false">${t('lens.camera')}</button><button type="button" class="btn" data-maker="pad" aria-expanded="false">${t('lens.draw')}</button><span class="small">${t('lens.otherWays')}</span></div>
</div>
<div class="fig-row lens-maker" data-part="maker" hidden></div>
<div class="fig-row lens-who">
<fieldset class="field"><legend>${t('lens.approach')}</legend><div class="segmented" data-part="approach">${approachRadios.join('')}</div></fieldset>
<p class="lens-count" data-part="count"></p>
</div>
<div class="fig-row lens-run" data-needs="script">
<div data-part="stage"></div>
<div class="lens-where"><label class="field lens-backend"><span>${t('lens.network')}</span><select data-part="network">${networkOptions.join('')}</select></label>
<label class="field lens-backend"><span>${t('backend.label')}</span><select data-part="backend">${backendOptions.join('')}</select></label></div>
</div>
<div class="fig-row lens-mid">
<div data-part="picture"></div>
<div class="net-slot"><p class="panel-title">${t('lens.blocks')} <span>${t('lens.blocksHint')}</span></p><div class="blocks" data-part="blocks" role="group" aria-label="${t('lens.blocks')}"></div></div>
<div><p class="panel-title" data-part="top-title"></p><ol class="top5" data-part="top"></ol></div>
</div>
<div class="fig-row lens-closer" data-part="closer" hidden></div>
<div class="fig-row"><p class="panel-title" data-part="inside-title"></p><ol class="inside" data-part="inside"></ol></div>
<div class="fig-row map-row">
<div><p class="panel-title" data-part="maps-title"></p><p class="lens-absent" data-part="absent"></p><div class="maps" data-part="maps" role="group"></div><button class="btn btn-quiet more" type="button" data-part="more"></button></div>
<div class="map-side" data-part="channel"></div>
</div>
<div class="fig-row lens-save" data-needs="script">${saveButtons.join('')}<span class="small" role="status" data-part="saved"></span></div>
</div>
<div class="fig-line" data-part="line"></div>
<details class="lens-table"><summary>${t('figure.numbers')}</summary><div class="scroll-x" tabindex="0" role="region" aria-label="${t('figure.numbers')}"><table data-part="scores"></table><table data-part="tensors"></table></div></details>
<p class="sr-only" role="status" data-part="live"></p>`;
}
