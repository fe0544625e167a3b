/** The closer look: a drawing at its full size and what it is, beside the mark that the pointer or the keyboard is on. */
import { select } from 'd3';
import { t } from '../../site/strings.ts';
import { setText } from '../kit/join.ts';
import { isOwn, ownAnswer, type SpaceState } from './model.ts';
import { placesOnSurface, surface } from './view-map.ts';
import { thingName } from './words.ts';

interface Look {
  /** Its corner, in shares of the map, and to which side of it there is more room. */
  readonly x: number;
  readonly y: number;
  readonly side: string;
  readonly picture: string | undefined;
  readonly name: string;
  readonly words: string;
}

/** Draws the closer look into the map's place, or takes it away. The mark has the same words for assistive technology. */
export function drawLook(place: HTMLElement, state: SpaceState): void {
  select(place)
    .selectAll<HTMLElement, Look>('.space-look')
    .data(looksOf(state))
    .join((enter) => {
      const box = enter.append('div').attr('aria-hidden', 'true');
      box.append('b');
      box.append('span');
      return box;
    })
    .attr('class', ({ side }) => `space-look ${side}`)
    .style('left', ({ x }) => `${100 * x}%`)
    .style('top', ({ y }) => `${100 * y}%`)
    .each(function ({ picture, name, words }) {
      setText(this.querySelector('b'), name);
      setText(this.querySelector('span'), words);
      select(this)
        .selectAll<HTMLImageElement, string>('img')
        .data(picture === undefined ? [] : [picture])
        .join((enter) => enter.insert('img', ':first-child'))
        .attr('alt', '')
        .attr('src', (address) => address);
    });
}

/** Nothing is in the way of a line that is being drawn. */
function looksOf(state: SpaceState): Look[] {
  const { pointed, lasso, drawings, thumbnails, firstAsked } = state;
  const point = pointed === undefined ? undefined : placesOnSurface(state)[pointed];
  if (pointed === undefined || !point || lasso.length > 1) return [];
  const { concept, style } = drawings[pointed];
  const [x, y] = [point[0] / surface.width, point[1] / surface.height];
  const answer = ownAnswer(state, pointed);
  const own = answer === undefined ? '' : t('space.look.own', { thing: thingName(answer) });
  const hand = t(pointed >= firstAsked ? 'space.look.unseen' : 'space.look.known', { hand: style });
  return [
    {
      x,
      y,
      side: `${x > 0.5 ? 'leftward' : 'rightward'} ${y > 0.5 ? 'upward' : 'downward'}`,
      picture: thumbnails?.[pointed],
      name: isOwn(drawings[pointed]) ? style : thingName(concept),
      words: isOwn(drawings[pointed]) ? own : hand,
    },
  ];
}
