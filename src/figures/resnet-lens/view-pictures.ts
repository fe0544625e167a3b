/** The pictures to choose from, and the classes that the network finds likeliest: shared with the landing page. */
import { select } from 'd3';
import { t } from '../../site/strings.ts';
import { formatCount } from '../kit/format.ts';
import { keyed } from '../kit/join.ts';
import { drawProbabilityBars } from '../kit/probability-bars.ts';
import { drawTile, type TileSource } from '../kit/tile.ts';
import { pictureKey, readableName, shownResult, type RunState } from './run-state.ts';

/** Draws one button per picture of the gallery; the chosen one is pressed and the only tab stop. */
export function drawPictures(group: HTMLElement, state: RunState): void {
  const { pictures, preview, columns } = state.gallery;
  const chosen = Math.max(0, state.picture);
  const buttons = select(group)
    .selectAll<HTMLButtonElement, (typeof pictures)[number]>('button')
    .data(
      pictures,
      keyed((picture) => `${picture.concept}.${picture.style}`),
    )
    .join('button')
    .attr('type', 'button')
    .attr('class', 'pic')
    .attr('data-key', (picture) => `${picture.concept}.${picture.style}`)
    .attr('aria-pressed', (_, index) => String(index === state.picture))
    .attr('tabindex', (_, index) => (index === chosen ? 0 : -1))
    .attr('aria-label', (picture) => readableName(picture.concept));
  buttons.each(function (_, index) {
    drawTile(this, { sheet: preview, columns, index, count: pictures.length });
  });
}

/** The picture that stands before the network: the reader's own, else the chosen one of the gallery. */
export function chosenTile(state: RunState): TileSource {
  const { own, picture, gallery, isPrecomputed, seen } = state;
  if (seen?.picture === pictureKey(state)) return { url: seen.url };
  if (own && picture < 0) return { url: own.url };
  const { sheet, preview, columns, pictures } = gallery;
  // Once the network has run, the very pixels that it got
  return { sheet: isPrecomputed ? preview : sheet, columns, index: picture, count: pictures.length };
}

/** Draws the five likeliest classes, or five empty tracks for a picture that the network has not seen. */
export function drawLikeliest(title: HTMLElement, list: HTMLElement, state: RunState): void {
  select(title)
    .selectAll<HTMLElement, string>('b, span')
    .data([t('lens.likeliest'), t('lens.ofClasses', { count: formatCount(state.network.classes) })])
    .join((enter) => enter.append((_, index) => title.ownerDocument.createElement(index ? 'span' : 'b')))
    .text((text, index) => (index ? ` ${text}` : text));
  // Nothing to show for a picture that the network has not seen: five empty tracks keep the place
  const unseen = Array.from({ length: 5 }, () => ({ name: '–', probability: undefined }));
  drawProbabilityBars(list, shownResult(state)?.top ?? unseen);
  list.classList.toggle('is-empty', !shownResult(state));
}
