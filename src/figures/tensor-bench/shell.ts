/** The bench before anything is drawn into it: the tools above the cells, and their words. */
import { t } from '../../site/strings.ts';
import { lessonIds } from './model.ts';

/** Markup of the bench's rows and status line. `id` keeps its names apart from other figures'. */
export function benchShell(id: string): string {
  const options = lessonIds
    .map((lesson) => `<option value="${lesson}">${t(`bench.lesson.${lesson}`)}</option>`)
    .join('');
  const button = (part: 'run-all' | 'cancel' | 'undo' | 'reset' | 'copy' | 'export') =>
    `<button class="btn" type="button" data-part="${part}">${t(`bench.${part}`)}</button>`;
  return `<div class="fig-body">
<div class="fig-row bench-tools" data-needs="script">
<div class="field"><label for="${id}-lesson">${t('bench.lesson')}</label><select class="text-input" id="${id}-lesson" data-part="lesson">${options}</select></div>
<div class="bench-buttons">${(['run-all', 'cancel', 'undo', 'reset', 'copy', 'export'] as const).map(button).join('')}</div>
</div>
<div class="bench-cells" data-part="cells"></div>
<details class="bench-numbers"><summary>${t('figure.numbers')}</summary><div class="scroll-x" tabindex="0" role="region" aria-label="${t('figure.numbers')}"><table data-part="numbers"></table></div></details>
</div>
<div class="fig-line" data-part="line"></div>
<p class="sr-only" role="status" data-part="live"></p>`;
}
