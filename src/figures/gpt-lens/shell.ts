/** The lens before anything is drawn into it: rows, native controls and their words. Only the build needs this. */
import { t } from '../../site/strings.ts';
import { attentionPanels, matrixPanel, textRows, title } from '../bert-lens/shell.ts';
import { mostSeed, ranges } from './model.ts';

/** Markup of the lens's rows and status line. */
export function gptShell(): string {
  const sliders = (['temperature', 'topK', 'topP'] as const)
    .map((name) => {
      const { min, max, step } = ranges[name];
      return `<label class="field"><span data-part="${name}-label"></span><input type="range" min="${min}" max="${max}" step="${step}" data-part="${name}"></label>`;
    })
    .join('');
  return `<div class="fig-body" data-part="drop">
${textRows(t('gpt.text'), false)}
<div class="fig-row">${title('flow')}<div class="gpt-flow" data-part="flow" role="group" aria-label="${t('gpt.flow')}" dir="auto"></div><p class="small" data-part="flow-note"></p><p class="gpt-perplexity" data-part="perplexity"></p>
<p class="gpt-write" data-needs="script"><button class="btn" type="button" data-action="step">${t('gpt.step')}</button><button class="btn" type="button" data-action="write"></button><button class="btn" type="button" data-action="undo">${t('gpt.undo')}</button><button class="btn" type="button" data-action="clear">${t('gpt.clear')}</button><span class="small" data-part="stopped"></span></p></div>
<div class="fig-row mask-row">
<div>${title('next')}<p class="gpt-key small" aria-hidden="true"><span><i class="own"></i>${t('gpt.key.own')}</span><span><i class="drawn"></i>${t('gpt.key.drawn')}</span></p><ol class="top5 gpt-next" data-part="next"></ol></div>
<div>${title('draw')}<div class="gpt-settings" data-needs="script">${sliders}<label class="field gpt-seed"><span>${t('gpt.seed')}</span><input class="text-input" type="number" min="0" max="${mostSeed}" step="1" data-part="seed"></label></div><p class="small" data-part="draw-note"></p>
<label class="field gpt-search" data-needs="script"><span>${t('gpt.search')}</span><input class="text-input" type="search" data-part="search" autocomplete="off" spellcheck="false"></label><ol class="top5 gpt-next gpt-found" data-part="found"></ol><p class="small" data-part="found-note"></p></div>
</div>
<div class="fig-row bert-mid">
${attentionPanels()}
</div>
<div class="fig-row mask-row">
<div>${matrixPanel()}</div>
<div>${title('ways')}<p class="small">${t('gpt.waysWhy')}</p><div class="scroll-x" tabindex="0" role="region" aria-label="${t('gpt.ways')}"><table data-part="ways"></table></div></div>
</div></div>
<div class="fig-line" data-part="line"></div>
<details class="lens-table"><summary>${t('figure.numbers')}</summary><div class="scroll-x" tabindex="0" role="region" aria-label="${t('figure.numbers')}"><table data-part="table-tokens"></table><table data-part="table-next"></table></div><p data-needs="script"><button class="btn" type="button" data-action="csv">${t('gpt.csv')}</button></p></details>
<p class="sr-only" role="status" data-part="live"></p>`;
}
