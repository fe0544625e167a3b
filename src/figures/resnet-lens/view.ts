/**
 * Draws the lens's state into its shell. The same function draws the first frame at build time and every frame in
 * the page; drawing the same state twice changes nothing.
 */
import { select } from 'd3';
import { t } from '../../site/strings.ts';
import { formatCount, formatPercent, formatShape } from '../kit/format.ts';
import { drawDataTable } from '../kit/data-table.ts';
import { drawSteps, type DrawStep } from '../kit/draw-steps.ts';
import { setText } from '../kit/join.ts';
import { drawTile } from '../kit/tile.ts';
import { openBlock, openChannel, pictureName, shownResult, weightState, type LensState } from './model.ts';
import { drawBlocks, drawInside, operationName } from './view-blocks.ts';
import { drawChannel, drawMaps } from './view-maps.ts';
import { chosenTile, drawLikeliest, drawPictures } from './view-pictures.ts';
import { drawLine, drawStage } from './view-status.ts';

/** Draws everything below the figure's head into `root`, which holds the lens's shell. */
export function drawLens(root: HTMLElement, state: LensState): void {
  drawSteps(root, lensSteps(root, state));
}

/** The steps of that drawing: what follows a run draws always, what says much only where it changes. */
export function lensSteps(root: HTMLElement, state: LensState): DrawStep[] {
  const part = (name: string): HTMLElement => {
    const element = root.querySelector<HTMLElement>(`[data-part="${name}"]`);
    if (!element) throw new Error(`The lens's shell has no part "${name}".`);
    return element;
  };
  const { network, approach, block, channel, showsAll } = state;
  const result = shownResult(state);
  const stack = result?.stacks[block];
  const step = (name: string, from: readonly unknown[] | undefined, draw: () => void): DrawStep => ({
    name,
    ...(from && { from }),
    draw,
  });
  return [
    step('controls', undefined, () => drawControls(part, state)),
    step('blocks', [network, approach, block, result?.faces], () => drawBlocks(part('blocks'), state)),
    step('likeliest', [network, result?.top], () => drawLikeliest(part('top-title'), part('top'), state)),
    step('inside', [network, approach, block], () => drawInside(part('inside-title'), part('inside'), state)),
    step('channel', [network, block, channel, stack, state.result.classNames], () =>
      drawChannel(part('channel'), state),
    ),
    {
      name: 'maps',
      from: [network, block, channel, stack, showsAll],
      draw: (most) =>
        drawMaps(
          { title: part('maps-title'), absent: part('absent'), maps: part('maps'), more: part('more') },
          state,
          most,
        ),
    },
    step('scores', [network, result?.top], () => drawScores(part('scores'), state)),
    step('tensors', [network, approach], () => drawTensors(part('tensors'), state)),
  ];
}

function drawControls(part: (name: string) => HTMLElement, state: LensState): void {
  drawPictures(part('pictures'), state);
  drawApproach(part('approach'), part('count'), state);
  drawStage(part('stage'), state);
  select(part('backend'))
    .selectAll<HTMLOptionElement, unknown>('option')
    .each(function () {
      setChoice(this, 'selected', this.value === state.backend);
      this.toggleAttribute('disabled', this.value === 'webgpu' && state.hasWebgpu === false);
    });
  select(part('network'))
    .selectAll<HTMLOptionElement, unknown>('option')
    .each(function () {
      setChoice(this, 'selected', this.value === state.network.id);
    });
  drawPicture(part('picture'), state);
  drawLine(part('line'), state, t('lens.keys'));
}

function drawApproach(group: HTMLElement, count: HTMLElement, state: LensState): void {
  select(group)
    .selectAll<HTMLInputElement, unknown>('input')
    .each(function () {
      setChoice(this, 'checked', this.value === state.approach);
    });
  const { parameters, isOutline, training } = state.network;
  const all = formatCount(parameters);
  const moving = formatCount(training[state.approach].parameters);
  const sentences = isOutline
    ? [t('lens.countAll', { all }), t('lens.outline')]
    : [t('lens.count', { moving, all }), t(`lens.countWhy.${state.approach}`)];
  group.closest('fieldset')?.toggleAttribute('hidden', isOutline === true);
  select(count)
    .selectAll<HTMLElement, string>('span')
    .data(sentences)
    .join('span')
    .attr('class', (_, index) => (index ? 'why' : 'many'))
    .text((text) => text);
}

/** Makes a choice in the markup, for the first frame, and in the control, which no longer follows its markup once used. */
function setChoice<K extends string>(
  control: HTMLElement & Partial<Record<K, boolean>>,
  key: K,
  isChosen: boolean,
): void {
  control.toggleAttribute(key, isChosen);
  if (control[key] !== isChosen) Object.assign(control, { [key]: isChosen });
}

function drawPicture(box: HTMLElement, state: LensState): void {
  const name = pictureName(state, t('lens.ownPicture'));
  const frame = select(box)
    .selectAll<HTMLElement, number>('.big-pic')
    .data([0])
    .join('div')
    .attr('class', 'big-pic');
  frame
    .attr('role', 'img')
    .attr('aria-label', t('lens.pictureAlt', { name, size: state.network.inputShape[1] }));
  const node = frame.node();
  if (node) drawTile(node, chosenTile(state));
  const notes = [name, t('lens.pictureNote', { shape: formatShape(state.network.inputShape) })];
  select(box)
    .selectAll<HTMLElement, string>('p')
    .data(notes)
    .join('p')
    .attr('class', 'small')
    .text((text) => text);
}

function drawScores(scores: HTMLElement, state: LensState): void {
  const { network } = state;
  drawCaption(scores, t('lens.tableTop'));
  drawDataTable(
    scores,
    [
      { heading: t('lens.likeliest'), text: (score) => score.name },
      {
        heading: t('lens.ofClasses', { count: formatCount(network.classes) }),
        isNumber: true,
        text: (score) => formatPercent(score.probability ?? 0),
      },
    ],
    shownResult(state)?.top ?? [],
  );
}

function drawTensors(tensors: HTMLElement, { network, approach }: LensState): void {
  const rows = network.blocks.flatMap((block) => block.tensors.map((tensor) => ({ block, tensor })));
  drawCaption(tensors, t('lens.tableTensors'));
  drawDataTable(
    tensors,
    [
      { heading: t('lens.table.tensor'), text: ({ tensor }) => tensor.name },
      { heading: t('lens.table.block'), text: ({ block }) => block.id },
      { heading: t('lens.table.operation'), text: ({ tensor }) => operationName(tensor) },
      { heading: t('lens.table.shape'), isNumber: true, text: ({ tensor }) => formatShape(tensor.shape) },
      {
        heading: t('lens.table.weights'),
        isNumber: true,
        text: ({ tensor }) => formatCount(tensor.parameters),
      },
      { heading: t('lens.table.macs'), isNumber: true, text: ({ tensor }) => formatCount(tensor.macs) },
      {
        heading: t('lens.table.state'),
        text: ({ block, tensor }) =>
          t(`state.${tensor.parameters ? weightState(network, approach, block) : 'plain'}`),
      },
    ],
    rows,
  );
}

function drawCaption(table: HTMLElement, text: string): void {
  const caption =
    table.querySelector('caption') ??
    table.insertBefore(table.ownerDocument.createElement('caption'), table.firstChild);
  setText(caption, text);
}

/** One sentence about the open block, for assistive technology. */
export function sayBlock(state: LensState): string {
  const block = openBlock(state);
  return t('lens.announceBlock', { name: block.id, shape: formatShape(block.shape) });
}

export { openChannel };
