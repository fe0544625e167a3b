/** Where in the picture the evidence for a class lies: a map over the picture, and its numbers. */
import { select } from 'd3';
import { t } from '../../site/strings.ts';
import { formatPercent, formatValue } from '../kit/format.ts';
import { setText } from '../kit/join.ts';
import { drawTile } from '../kit/tile.ts';
import { askedClass, methods, rankClasses, strongestCell, type Evidence } from './closer-state.ts';
import { pictureKey, pictureName, type LensState } from './model.ts';
import { drawAct } from './view-closer.ts';
import { chosenTile } from './view-pictures.ts';

/** Classes to ask about: the likeliest ones. */
const offered = 10;

const markup = () => `<div class="closer-choices">
<label class="field"><span>${t('closer.class')}</span><select data-part="asked"></select></label>
<label class="field"><span>${t('closer.method')}</span><select data-part="method">${methods.map((method) => `<option value="${method}">${t(`closer.method.${method}`)}</option>`).join('')}</select></label>
<div data-part="why-act"></div></div>
<p class="small" data-part="why-about"></p>
<p class="problem" data-part="why-problem" role="alert"></p>
<div class="why-map"><div class="big-pic heat" data-part="heat" tabindex="0" role="group"></div><p class="small" data-part="heat-read" aria-live="polite"></p></div>`;

/** Draws the choices, the map if there is one for this picture, and what it says. */
export function drawEvidence(root: HTMLElement, state: LensState): void {
  if (!root.firstChild) root.innerHTML = markup();
  const { closer } = state;
  const part = (name: string) => root.querySelector<HTMLElement>(`[data-part="${name}"]`);
  const asked = askedClass(state, closer);
  const ranked = rankClasses(state);
  const choices = ranked.slice(0, offered);
  const chosen = ranked.find(({ index }) => index === asked);
  if (chosen && !choices.includes(chosen)) choices.push(chosen);
  select(part('asked'))
    .selectAll<HTMLOptionElement, (typeof choices)[number]>('option')
    .data(choices)
    .join('option')
    .attr('value', ({ index }) => index)
    .property('selected', ({ index }) => index === asked)
    .text(({ name, probability }) => `${name} (${formatPercent(probability)})`);
  select(part('method'))
    .selectAll<HTMLOptionElement, unknown>('option')
    .property('selected', function () {
      return this.value === closer.method;
    });
  const act = part('why-act');
  if (act) drawAct(act, { action: 'explain', text: t('closer.explain'), busy: closer.progress });
  setText(part('why-about'), aboutMethod(state));
  const problem = part('why-problem');
  if (problem) problem.hidden = closer.problem === undefined;
  setText(problem, closer.problem ?? '');
  const evidence = shownEvidence(state);
  const heat = part('heat');
  if (!heat) return;
  heat.closest<HTMLElement>('.why-map')?.toggleAttribute('hidden', evidence === undefined);
  if (evidence) drawHeat(heat, part('heat-read'), evidence, state);
}

function aboutMethod({ closer, network }: LensState): string {
  if (closer.method === 'occlusion') return t('closer.about.occlusion', { size: network.inputShape[1] / 4 });
  const [, height = 1, width = 1] = network.blocks.findLast(({ kind }) => kind === 'residual')?.shape ?? [];
  return t('closer.about.activation', { places: `${height}×${width}` });
}

/** The evidence, if it answers what is asked about the picture that is shown. */
export function shownEvidence(state: LensState): Evidence | undefined {
  const { evidence, method } = state.closer;
  const fits =
    evidence?.picture === pictureKey(state) &&
    evidence.method === method &&
    evidence.classIndex === askedClass(state, state.closer);
  return fits ? evidence : undefined;
}

function drawHeat(box: HTMLElement, read: HTMLElement | null, evidence: Evidence, state: LensState): void {
  const { map } = evidence;
  const [, size] = state.network.inputShape;
  drawTile(box, chosenTile(state));
  box.setAttribute('aria-label', t('closer.heatLabel', { name: pictureName(state, t('lens.ownPicture')) }));
  const full = map.values.reduce((most, value) => (Math.abs(value) > most ? Math.abs(value) : most), 0);
  const cells = Array.from(map.values, (value, index) => ({ value, index })).filter(
    ({ value }) => !Number.isNaN(value),
  );
  select(box)
    .selectAll<SVGSVGElement, number>('svg')
    .data([0])
    .join('svg')
    .attr('viewBox', `0 0 ${size} ${size}`)
    .attr('aria-hidden', 'true')
    .attr('shape-rendering', 'crispEdges')
    .selectAll<SVGRectElement, (typeof cells)[number]>('rect.heat-cell')
    .data(cells, (cell) => String((cell as (typeof cells)[number] | undefined)?.index))
    .join('rect')
    .attr('class', ({ value }) => `heat-cell ${value < 0 ? 'negative' : 'positive'}`)
    .attr('x', ({ index }) => map.start + (index % map.columns) * map.step)
    .attr('y', ({ index }) => map.start + Math.floor(index / map.columns) * map.step)
    .attr('width', map.step)
    .attr('height', map.step)
    .attr('fill-opacity', ({ value }) => (full > 0 ? (0.9 * Math.abs(value)) / full : 0).toFixed(3));
  const best = strongestCell(map);
  if (read && best && !box.querySelector('.reading'))
    setText(read, t('closer.strongest', { ...placeWords(best), value: sayValue(evidence, best.value) }));
}

/** Says one cell's value and marks it. */
export function readHeat(root: HTMLElement, state: LensState, cell: { row: number; column: number }): void {
  const evidence = shownEvidence(state);
  const [box, read] = ['heat', 'heat-read'].map((name) =>
    root.querySelector<HTMLElement>(`[data-part="${name}"]`),
  );
  if (!evidence || !box || !read) return;
  const { map } = evidence;
  const value = map.values[cell.row * map.columns + cell.column] ?? NaN;
  if (Number.isNaN(value)) return;
  select(box)
    .select('svg')
    .selectAll<SVGRectElement, typeof cell>('rect.reading')
    .data([cell])
    .join('rect')
    .attr('class', 'reading')
    .attr('x', map.start + cell.column * map.step)
    .attr('y', map.start + cell.row * map.step)
    .attr('width', map.step)
    .attr('height', map.step)
    .raise();
  setText(read, t('closer.place', { ...placeWords(cell), value: sayValue(evidence, value) }));
}

function placeWords({ row, column }: { row: number; column: number }): { row: string; column: string } {
  return { row: String(row + 1), column: String(column + 1) };
}

function sayValue({ method }: Evidence, value: number): string {
  if (method === 'activation') return t('closer.adds', { value: formatValue(value) });
  const points = formatValue(Math.abs(value) * 100);
  return value < 0 ? t('closer.gives', { points }) : t('closer.takes', { points });
}
