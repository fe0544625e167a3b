/** Draws the marks of a diagram into an SVG at build time; colours are classes in diagrams.css. */
import { select, type Selection } from 'd3';

/** A drawing surface of a fixed width in pixels, never scaled: text keeps its size. */
export interface Pen {
  width: number;
  /** True for the layout of a phone. */
  isNarrow: boolean;
  path: (d: string, kind: string) => void;
  rect: (x: number, y: number, width: number, height: number, kind: string, radius?: number) => void;
  /** Text with its baseline at y. `kind` may hold `mid` or `end` for its anchor. */
  text: (x: number, y: number, words: string, kind?: string) => void;
  circle: (x: number, y: number, radius: number, kind: string) => void;
}

/** A pen on this SVG. */
export function takePen(svg: SVGSVGElement, width: number, isNarrow: boolean): Pen {
  const root: Selection<SVGSVGElement, unknown, null, undefined> = select(svg);
  return {
    width,
    isNarrow,
    path: (d, kind) => void root.append('path').attr('class', kind).attr('d', d),
    rect: (x, y, w, h, kind, radius = 0) =>
      void root
        .append('rect')
        .attr('class', kind)
        .attr('x', round(x))
        .attr('y', round(y))
        .attr('width', round(w))
        .attr('height', round(h))
        .attr('rx', radius || null),
    text: (x, y, words, kind = '') =>
      void root
        .append('text')
        .attr('class', kind || null)
        .attr('x', round(x))
        .attr('y', round(y))
        .text(words),
    circle: (x, y, radius, kind) =>
      void root
        .append('circle')
        .attr('class', kind)
        .attr('cx', round(x))
        .attr('cy', round(y))
        .attr('r', radius),
  };
}

/** An arrow from one point to another with an open head, as path data; its direction is horizontal or vertical. */
export function arrow(x0: number, y0: number, x1: number, y1: number): string {
  const angle = Math.atan2(y1 - y0, x1 - x0);
  const wing = (turn: number) =>
    `${round(x1 - 7 * Math.cos(angle + turn))} ${round(y1 - 7 * Math.sin(angle + turn))}`;
  return `M${round(x0)} ${round(y0)}L${round(x1)} ${round(y1)}M${wing(0.55)}L${round(x1)} ${round(y1)}L${wing(-0.55)}`;
}

/** A block as the legend knows it: corners cut when frozen, round when trainable, square without weights. */
export function drawBlock(
  pen: Pen,
  x: number,
  y: number,
  w: number,
  h: number,
  state: 'frozen' | 'trainable' | 'plain',
): void {
  if (state === 'plain') {
    pen.rect(x, y, w, h, 'plain');
    return;
  }
  if (state === 'trainable') {
    pen.rect(x, y, w, h, 'ember', Math.min(8, w / 3));
    const middle = x + w / 2;
    const q = Math.min(4, w / 5);
    pen.path(
      [0.3, 0.5, 0.7]
        .map(
          (share) =>
            `M${round(middle - 2 * q)} ${round(y + h * share)}q${round(q / 2)} -4 ${round(q)} 0t${round(q)} 0 ${round(q)} 0 ${round(q)} 0`,
        )
        .join(''),
      'ember-line',
    );
    return;
  }
  const c = Math.min(5, w / 4);
  pen.path(
    `M${round(x + c)} ${round(y)}H${round(x + w - c)}L${round(x + w)} ${round(y + c)}V${round(y + h - c)}L${round(x + w - c)} ${round(y + h)}H${round(x + c)}L${round(x)} ${round(y + h - c)}V${round(y + c)}Z`,
    'ice',
  );
  const s = Math.min(w, h) / 2 - 4;
  const [mx, my] = [x + w / 2, y + h / 2];
  pen.path(
    [0, 60, 120]
      .map((degrees) => {
        const [dx, dy] = [Math.cos((degrees * Math.PI) / 180) * s, Math.sin((degrees * Math.PI) / 180) * s];
        return `M${round(mx - dy)} ${round(my - dx)}L${round(mx + dy)} ${round(my + dx)}`;
      })
      .join(''),
    'ice-line',
  );
}

/** One decimal. */
export function round(value: number): number {
  return Math.round(value * 10) / 10 + 0;
}
