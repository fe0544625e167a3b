/** A second network or picture beside the first: what each finds likeliest, and the same block of both. */
import { select } from 'd3';
import { t } from '../../site/strings.ts';
import { drawInk, shadeMap } from '../kit/ink.ts';
import { setText, whenChanged } from '../kit/join.ts';
import { drawProbabilityBars } from '../kit/probability-bars.ts';
import { drawTile, type TileSource } from '../kit/tile.ts';
import { isEightBit, rivalName, rivalOf } from './closer-state.ts';
import {
  channelOf,
  openBlock,
  pictureKey,
  pictureName,
  readableName,
  summarise,
  type LensResult,
  type LensState,
} from './model.ts';
import { stackSignature } from './view-blocks.ts';
import { drawAct } from './view-closer.ts';
import { chosenTile } from './view-pictures.ts';

/** Maps of the open block beside each other; a multiple of the columns (8, 6). */
const shownMaps = 24;

const markup = () => `<div class="closer-choices">
<label class="field"><span>${t('closer.rival')}</span><select data-part="rival"></select></label>
<div data-part="compare-act"></div></div>
<p class="problem" data-part="compare-problem" role="alert"></p>
<div class="rivals" data-part="rivals"></div>`;

interface Side {
  title: string;
  tile: TileSource;
  result: LensResult;
}

/** Draws the choice and, once both have run, the two sides. */
export function drawComparison(root: HTMLElement, state: LensState): void {
  if (!root.firstChild) root.innerHTML = markup();
  const { closer, gallery } = state;
  const part = (name: string) => root.querySelector<HTMLElement>(`[data-part="${name}"]`);
  const chosen = rivalOf(state);
  const choices: ('random' | number)[] = [
    ...(isEightBit(state.network) ? [] : ['random' as const]),
    ...gallery.pictures.map((_, index) => index).filter((index) => index !== state.picture),
  ];
  select(part('rival'))
    .selectAll<HTMLOptionElement, 'random' | number>('option')
    .data(choices)
    .join('option')
    .attr('value', (rival) => rival)
    .property('selected', (rival) => rival === chosen)
    .text((rival) =>
      rival === 'random' ? t('closer.random') : readableName(gallery.pictures[rival]?.concept ?? ''),
    );
  const act = part('compare-act');
  if (act) drawAct(act, { action: 'compare', text: t('closer.compare'), busy: closer.progress });
  const problem = part('compare-problem');
  if (problem) problem.hidden = closer.problem === undefined;
  setText(problem, closer.problem ?? '');
  const sides = sidesOf(state);
  const boxes = select(part('rivals'))
    .selectAll<HTMLElement, Side>('.rival')
    .data(sides)
    .join((enter) => {
      const box = enter.append('div').attr('class', 'rival');
      box.append('p').attr('class', 'panel-title').append('b');
      box.append('div').attr('class', 'big-pic').attr('aria-hidden', 'true');
      box.append('ol').attr('class', 'top5');
      box.append('p').attr('class', 'small');
      box.append('div').attr('class', 'maps').attr('aria-hidden', 'true');
      return box;
    });
  boxes.select('.panel-title b').text(({ title }) => title);
  boxes.select('.small').text(t('closer.block', { name: openBlock(state).id }));
  boxes.each(function (side) {
    drawSide(this, side, state);
  });
}

function sidesOf(state: LensState): Side[] {
  const { comparison } = state.closer;
  const rival = rivalOf(state);
  if (!comparison || comparison.rival !== rival || comparison.against !== pictureKey(state)) return [];
  const { sheet, columns, pictures } = state.gallery;
  const first = chosenTile(state);
  const own = pictureName(state, t('lens.ownPicture'));
  return [
    { title: rival === 'random' ? t('closer.trained') : own, tile: first, result: state.result },
    {
      title: rivalName(state, rival, t('closer.random')),
      tile: rival === 'random' ? first : { sheet, columns, index: rival, count: pictures.length },
      result: comparison.result,
    },
  ];
}

function drawSide(box: HTMLElement, { tile, result }: Side, state: LensState): void {
  const [picture, list, maps] = ['.big-pic', '.top5', '.maps'].map((name) =>
    box.querySelector<HTMLElement>(name),
  );
  if (picture) drawTile(picture, tile);
  if (list) drawProbabilityBars(list, result.top);
  const stack = result.stacks[openBlock(state).id];
  if (!maps || !stack) return;
  const { width, height } = stack;
  maps.classList.toggle('is-vector', width * height === 1);
  // Numbers without places share one scale; a map has its own
  const full = width * height === 1 ? summarise(stack.data).largest : undefined;
  select(maps)
    .selectAll<SVGSVGElement, number>('svg')
    .data(Array.from({ length: Math.min(shownMaps, stack.channels) }, (_, channel) => channel))
    .join('svg')
    .attr('class', 'cell')
    .attr('viewBox', `0 0 ${width} ${height}`)
    .attr('preserveAspectRatio', 'none')
    .attr('shape-rendering', 'crispEdges')
    .each(function (channel) {
      whenChanged(this, `${channel} ${stackSignature(stack)}`, () => {
        const values = channelOf(stack, channel);
        const group = select(this).selectAll<SVGGElement, number>('g').data([0]).join('g').node();
        if (group)
          drawInk(group, shadeMap({ width, height, values, full: full ?? summarise(values).largest }));
      });
    });
}
