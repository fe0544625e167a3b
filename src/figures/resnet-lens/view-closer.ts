/** The closer look's frame and its list of all classes; the two experiments have files of their own. */
import { select } from 'd3';
import { t } from '../../site/strings.ts';
import { formatCount } from '../kit/format.ts';
import { setText } from '../kit/join.ts';
import { drawProbabilityBars } from '../kit/probability-bars.ts';
import { closerViews, rankClasses, type CloserState } from './closer-state.ts';
import { shownResult, type LensState } from './model.ts';
import { drawComparison } from './view-compare.ts';
import { drawEvidence } from './view-why.ts';

/** Classes listed at once; the search finds the others. */
const listed = 20;

/** Markup of the closer look. `id` keeps the names of its radio buttons apart from other figures'. */
export function closerMarkup(id: string): string {
  const radios = closerViews.map(
    (view) =>
      `<label><input type="radio" name="${id}-closer" value="${view}">${t(`closer.view.${view}`)}</label>`,
  );
  return `<fieldset class="field"><legend>${t('closer.title')}</legend><div class="segmented" data-part="closer-view">${radios.join('')}</div></fieldset>
<div data-closer="classes"><label class="field closer-find"><span>${t('closer.find')}</span><input type="search" data-part="query" autocomplete="off" spellcheck="false"></label><p class="small" data-part="found" role="status"></p><ol class="top5 all-classes" data-part="classes"></ol></div>
<div data-closer="why" data-part="why"></div>
<div data-closer="compare" data-part="compare"></div>`;
}

/** Draws the closer look into `root`, which holds `closerMarkup`; it hides while the network has not run on this picture. */
export function drawCloser(root: HTMLElement, state: LensState): void {
  const { closer } = state;
  const hasRun = shownResult(state)?.probabilities !== undefined;
  root.hidden = !hasRun;
  if (!hasRun) return;
  for (const input of root.querySelectorAll<HTMLInputElement>('[data-part="closer-view"] input'))
    input.checked = input.value === closer.view;
  for (const panel of root.querySelectorAll<HTMLElement>('[data-closer]'))
    panel.hidden = panel.dataset['closer'] !== closer.view;
  const part = (name: string) => root.querySelector<HTMLElement>(`[data-part="${name}"]`);
  const [classes, why, compare] = [part('classes'), part('why'), part('compare')];
  if (classes && closer.view === 'classes') drawClasses(classes, part('found'), state, closer);
  if (why && closer.view === 'why') drawEvidence(why, state);
  if (compare && closer.view === 'compare') drawComparison(compare, state);
}

function drawClasses(
  list: HTMLElement,
  found: HTMLElement | null,
  state: LensState,
  { query }: CloserState,
): void {
  const ranked = rankClasses(state);
  const hits = query.trim() === '' ? ranked : rankClasses(state, query);
  const place = new Map(ranked.map(({ index }, rank) => [index, rank + 1]));
  drawProbabilityBars(
    list,
    hits.slice(0, listed).map((hit) => ({
      ...hit,
      name: t('closer.ranked', { rank: String(place.get(hit.index) ?? 0), name: hit.name }),
    })),
  );
  const count = formatCount(ranked.length);
  setText(
    found,
    hits.length === 0
      ? t('closer.noneFound', { query: query.trim(), count })
      : t('closer.found', {
          shown: String(Math.min(listed, hits.length)),
          found: formatCount(hits.length),
          count,
        }),
  );
}

/** A button of the closer look: started, or called off while it works. */
export function drawAct(
  box: HTMLElement,
  {
    action,
    text,
    busy,
  }: { action: string; text: string; busy?: { done: number; total: number } | undefined },
): void {
  const row = select(box)
    .selectAll<HTMLElement, number>('.closer-act')
    .data([0])
    .join('p')
    .attr('class', 'closer-act');
  row
    .selectAll<HTMLButtonElement, number>('button')
    .data([0])
    .join('button')
    .attr('type', 'button')
    .attr('class', busy ? 'btn btn-quiet' : 'btn')
    .attr('data-action', busy ? 'closer-cancel' : action)
    .text(busy ? t('figure.cancel') : text);
  row
    .selectAll<HTMLProgressElement, number>('progress')
    .data(busy ? [0] : [])
    .join('progress')
    .attr('aria-label', text)
    .attr('max', busy?.total ?? 1)
    .attr('value', busy?.done ?? 0);
}
