/** What the small charts are drawn on: a frame as wide as its place, groups by name, and levels with their numbers at the left. */
import { select, type ScaleLinear, type Selection } from 'd3';

/** Size of a chart and the space round its plot, in pixels; `width` serves where the place has none. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
}

type Group = Selection<SVGGElement, number, SVGSVGElement, unknown>;

/** A chart that is being drawn. */
export interface Paper {
  readonly width: number;
  /** The group of that name, made when it is first asked for. */
  readonly group: (name: string) => Group;
}

/** Sets up a chart in an svg element that has a place on the page, and names it for those who do not see it. */
export function openPaper(svg: SVGSVGElement, frame: Frame, label: string): Paper {
  // as wide as its place, so that the words in it keep their size; outside of a browser there is none
  const width = svg.clientWidth > 0 ? svg.clientWidth : frame.width;
  const root = select(svg).attr('viewBox', `0 0 ${width} ${frame.height}`).attr('aria-label', label);
  const group = (name: string): Group =>
    root
      .selectAll<SVGGElement, number>(`g.${name}`)
      .data([0])
      .join((enter) => enter.append('g').attr('class', name));
  return { width, group };
}

/** Draws a line across the plot for each level, the one at 0 as its base. */
export function drawLevels(
  { width, group }: Paper,
  { left, right }: Frame,
  y: ScaleLinear<number, number>,
  { levels, format }: { readonly levels: readonly number[]; readonly format: (value: number) => string },
): void {
  const grid = group('grid')
    .selectAll<SVGGElement, number>('g')
    .data([...levels])
    .join((enter) => {
      const level = enter.append('g');
      level.append('path');
      level.append('text').attr('text-anchor', 'end');
      return level;
    });
  grid
    .select('path')
    .attr('class', (value) => (value === 0 ? 'base' : 'rule'))
    .attr('d', (value) => `M${left} ${y(value)}H${width - right}`);
  grid
    .select('text')
    .attr('x', left - 7)
    .attr('y', (value) => y(value) + 4.5)
    .text(format);
}
