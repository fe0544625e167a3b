/** The backbone's rows before anything is drawn into them. Only the build needs this. */
import { t } from '../../site/strings.ts';
import { iconMarkup } from '../kit/icons.ts';

/** Markup of the figure's rows and status line; `cuts` is the number of places where the line can stand. */
export function backboneShell(cuts: number): string {
  return `<div class="fig-body" data-part="drop">
<div class="fig-row backbone-wrap">
<div class="backbone" data-part="backbone">
<label class="thaw" data-part="thaw"><span class="thaw-name"><b>${t('backbone.line')}</b> <span data-needs="script">${t('backbone.lineHint')}</span></span><input type="range" min="0" max="${cuts - 1}" step="1" data-part="cut"></label>
<div class="melt-line" aria-hidden="true"></div>
<ol class="melt" data-part="melt"></ol>
<div class="melt-range" aria-hidden="true"><i class="stays"></i><i class="moves"></i></div>
<p class="melt-sums" data-part="sums"><span class="ice">${iconMarkup('frozen')}<span></span></span><span class="ember">${iconMarkup('trainable')}<span></span></span></p>
</div>
<div class="backbone-five"><p class="panel-title" data-part="top-title"></p><ol class="top5" data-part="top"></ol></div>
</div>
<div class="fig-row lens-in"><div class="pictures" data-part="pictures" role="group" aria-label="${t('lens.pictures')}"></div></div>
<div class="fig-row lens-run" data-needs="script"><div data-part="stage"></div><div class="ways"><label class="btn">${iconMarkup('upload')}${t('lens.yourPicture')}<input class="sr-only" type="file" accept="image/*" data-part="file"></label><span class="small">${t('lens.otherWays')}</span></div></div>
</div>
<div class="fig-line" data-part="line"></div>
<details class="lens-table"><summary>${t('figure.numbers')}</summary><div class="scroll-x" tabindex="0" role="region" aria-label="${t('figure.numbers')}"><table data-part="table"></table></div></details>
<p class="sr-only" role="status" data-part="live"></p>`;
}
