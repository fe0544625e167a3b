/** Draws the backbone: the network's blocks in one row (a column on a phone), the thaw line, what stays and what moves. */
import { select } from 'd3';
import { t } from '../../site/strings.ts';
import { drawDataTable } from '../kit/data-table.ts';
import { formatCount, formatShape, formatShort } from '../kit/format.ts';
import { drawTile } from '../kit/tile.ts';
import { drawBlockMark, markOf, stackSignature } from '../resnet-lens/view-blocks.ts';
import { chosenTile, drawLikeliest, drawPictures } from '../resnet-lens/view-pictures.ts';
import { drawLine, drawStage } from '../resnet-lens/view-status.ts';
import { pictureName, shownResult } from '../resnet-lens/run-state.ts';
import { keyed, setText, whenChanged } from '../kit/join.ts';
import { countCut, stateOfBlock, type BackboneState } from './model.ts';

/** Draws everything below the figure's head into `root`, which holds the backbone's shell. */
export function drawBackbone(root: HTMLElement, state: BackboneState): void {
  const part = (name: string): HTMLElement => {
    const element = root.querySelector<HTMLElement>(`[data-part="${name}"]`);
    if (!element) throw new Error(`The backbone's shell has no part "${name}".`);
    return element;
  };
  drawCut(part('backbone'), part('cut'), part('sums'), state);
  drawMelt(part('melt'), state);
  drawLikeliest(part('top-title'), part('top'), state);
  drawPictures(part('pictures'), state);
  drawStage(part('stage'), state);
  drawLine(part('line'), state);
  drawTable(part('table'), state);
}

function drawCut(box: HTMLElement, range: HTMLElement, sums: HTMLElement, state: BackboneState): void {
  const { network, cut } = state;
  const { stay, move, first } = countCut(network, cut);
  if (box.style.getPropertyValue('--cut') !== String(cut)) box.style.setProperty('--cut', String(cut));
  range.setAttribute('value', String(cut));
  const control = range as HTMLInputElement;
  if (control.value !== String(cut)) control.value = String(cut);
  const words = { stay: formatCount(stay), move: formatCount(move), first };
  range.setAttribute('aria-valuetext', t('backbone.lineValue', words));
  setText(sums.querySelector('.ice > span'), t('backbone.stay', { count: words.stay }));
  setText(sums.querySelector('.ember > span'), t('backbone.move', { count: words.move }));
}

function drawMelt(list: HTMLElement, state: BackboneState): void {
  const { network, cut } = state;
  const faces = shownResult(state)?.faces ?? {};
  const rows = [undefined, ...network.blocks];
  const items = select(list)
    .selectAll<HTMLLIElement, (typeof rows)[number]>('li')
    .data(
      rows,
      keyed((block) => block?.id ?? 'picture'),
    )
    .join((enter) => {
      const item = enter.append('li');
      item.append('span').attr('class', 'g');
      for (const name of ['name', 'shape', 'weights']) item.append('span').attr('class', name);
      item.append('span').attr('class', 'mark');
      return item;
    })
    .attr('data-key', (block) => block?.id ?? 'picture')
    .attr('data-state', (block) => (block ? stateOfBlock(network, cut, block) : 'plain'));
  items.select('.name').text((block) => block?.id ?? t('backbone.picture'));
  items.select('.shape').text((block) => formatShape(block?.shape ?? network.inputShape));
  items.select('.weights').text((block) => {
    if (!block) return '';
    return block.parameters ? formatShort(block.parameters) : t('backbone.none');
  });
  items.each(function (block) {
    const glyph = this.querySelector<HTMLElement>('.g');
    if (!glyph) return;
    if (!block) {
      drawInput(glyph, state);
      return;
    }
    const weights = stateOfBlock(network, cut, block);
    const face = faces[block.id];
    whenChanged(this, `${weights} ${stackSignature(face)}`, () => {
      const svg = glyph.querySelector('svg') ?? glyph.appendChild(svgIn(glyph));
      drawBlockMark(svg, block, weights, face, 1);
      const mark = this.querySelector('.mark');
      if (mark) mark.innerHTML = markOf(weights);
    });
  });
}

function svgIn(parent: HTMLElement): SVGSVGElement {
  const namespace = 'http://www.w3.org/2000/svg';
  const svg = parent.ownerDocument.createElementNS(namespace, 'svg');
  svg.setAttribute('aria-hidden', 'true');
  svg.appendChild(parent.ownerDocument.createElementNS(namespace, 'g'));
  return svg;
}

function drawInput(glyph: HTMLElement, state: BackboneState): void {
  const name = pictureName(state, t('lens.ownPicture'));
  const box = select(glyph)
    .selectAll<HTMLElement, number>('.big-pic')
    .data([0])
    .join('span')
    .attr('class', 'big-pic');
  box
    .attr('role', 'img')
    .attr('aria-label', t('lens.pictureAlt', { name, size: state.network.inputShape[1] }));
  box.each(function () {
    drawTile(this, chosenTile(state));
  });
}

function drawTable(table: HTMLElement, state: BackboneState): void {
  const { network, cut } = state;
  drawDataTable(
    table,
    [
      { heading: t('lens.table.block'), text: (block) => block.id },
      { heading: t('lens.table.shape'), isNumber: true, text: (block) => formatShape(block.shape) },
      { heading: t('lens.table.weights'), isNumber: true, text: (block) => formatCount(block.parameters) },
      { heading: t('lens.table.macs'), isNumber: true, text: (block) => formatCount(block.macs) },
      { heading: t('lens.table.state'), text: (block) => t(`state.${stateOfBlock(network, cut, block)}`) },
    ],
    network.blocks,
  );
}
