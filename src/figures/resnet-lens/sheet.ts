/** The open block as a sheet of its own: what the network said and every map that is shown, as SVG or as rows of a table. */
import { t } from '../../site/strings.ts';
import { csvText } from '../kit/csv.ts';
import { formatPercent, formatShape } from '../kit/format.ts';
import { shadeMap } from '../kit/ink.ts';
import { channelOf, openBlock, pictureName, shownResult, summarise, type LensState } from './model.ts';
import { firstMaps } from './view-maps.ts';

const [margin, edge, gap, columns, lineHeight] = [24, 72, 20, 12, 22];
const ink = '#171f26';
const font = 'font-family="sans-serif" font-size="15"';

/** The sheet as an SVG file: title, the likeliest classes, the maps in ink on white. Empty where the picture has not run. */
export function sheetSvg(state: LensState): string {
  const block = openBlock(state);
  const result = shownResult(state);
  const stack = result?.stacks[block.id];
  if (!result || !stack) return '';
  const { width, height } = stack;
  const count = state.showsAll ? stack.channels : Math.min(stack.channels, firstMaps);
  const name = pictureName(state, t('lens.ownPicture'));
  const title = t('lens.sheetTitle', {
    network: state.network.id,
    block: block.id,
    shape: formatShape(block.shape),
    name,
  });
  const top = result.top.map(({ name: word, probability }) => `${word} ${formatPercent(probability ?? 0)}`);
  const lines = [title, top.join(' · ')];
  const head = margin + lines.length * lineHeight;
  const across = Math.min(columns, count);
  const down = Math.ceil(count / columns);
  const size = {
    width: Math.max(640, 2 * margin + across * edge + (across - 1) * gap),
    height: head + margin + down * (edge + gap),
  };
  const words = lines.map(
    (line, at) =>
      `<text x="${margin}" y="${margin + at * lineHeight + 8}" ${font}${at ? '' : ' font-weight="bold"'}>${escaped(line)}</text>`,
  );
  const maps = Array.from({ length: count }, (_, channel) => {
    const x = margin + (channel % columns) * (edge + gap);
    const y = head + Math.floor(channel / columns) * (edge + gap);
    const values = channelOf(stack, channel);
    const paths = shadeMap({ width, height, values, full: summarise(values).largest })
      .map(({ opacity, d }) => `<path fill-opacity="${opacity.toFixed(2)}" d="${d}"/>`)
      .join('');
    return `<g transform="translate(${x} ${y})"><rect width="${edge}" height="${edge}" fill="none" stroke="#d5dadc"/><g shape-rendering="crispEdges" transform="scale(${edge / width} ${edge / height})">${paths}</g><text y="${edge + 13}" font-family="sans-serif" font-size="11">${channel}</text></g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}" viewBox="0 0 ${size.width} ${size.height}" fill="${ink}"><rect width="100%" height="100%" fill="#fff"/>${words.join('')}${maps.join('')}</svg>`;
}

/** Every value of the open block, one a line, rows and columns from 1 as the figure reads them out. Empty where the picture has not run. */
export function blockCsv(state: LensState): string {
  const stack = shownResult(state)?.stacks[openBlock(state).id];
  if (!stack) return '';
  const { width, height } = stack;
  const rows = Array.from(stack.data, (value, at) => {
    const place = at % (width * height);
    return [Math.floor(at / (width * height)), Math.floor(place / width) + 1, (place % width) + 1, value];
  });
  return csvText([['channel', 'row', 'column', 'value'], ...rows]);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
