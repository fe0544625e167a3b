/**
 * A tensor as an oblique box: its front face is height × width, its depth the channels. The state of the weights that
 * made it is told by form as well as hue: frozen is a straight box with a lattice, trainable a soft rippled body,
 * without weights a thin plain box. Colours are in figure.css, so a change of theme needs no redraw.
 */
import { select } from 'd3';
import { drawInk, type InkShade } from './ink.ts';

/** What happens to the weights behind a tensor. `plain`: there are none, or freezing is not the topic. */
export type WeightState = 'frozen' | 'trainable' | 'plain';

/** Edge of the front face and length of the depth axis, in pixels. */
export interface GlyphSize {
  face: number;
  depth: number;
}

export interface GlyphMark {
  size: GlyphSize;
  state: WeightState;
  /** Lower left corner of the front face. */
  x: number;
  y: number;
  /** One channel for the front face, in cells. */
  ink?: { cells: number; shades: readonly InkShade[] };
}

/** Direction of the depth axis for one pixel of depth: to the right and up. */
const axis = { x: 0.8, y: -0.44 };

/**
 * Size of a tensor [channels, height, width]. The face grows with height^0.4 and the depth with channels^0.62: large
 * tensors stay on the page and small ones stay legible.
 */
export function measureGlyph(shape: readonly number[], scale = 1): GlyphSize {
  const [channels = 1, height = 1] = shape;
  return {
    face: (height > 1 ? height ** 0.4 * 18.5 : 10) * scale,
    depth: channels ** 0.62 * 2.25 * scale,
  };
}

/** Width and height on the page of a glyph of this size, outlines left out. */
export function measureExtent({ face, depth }: GlyphSize): { width: number; height: number } {
  return { width: face + depth * axis.x, height: face - depth * axis.y };
}

/** Draws the glyph into the group, replacing what an earlier call drew there. */
export function drawGlyph(element: SVGGElement, mark: GlyphMark): void {
  const group = select(element);
  group.selectAll('rect').remove();
  const { face } = mark.size;
  group
    .attr('class', `glyph ${mark.state}`)
    .attr('transform', `translate(${round(mark.x)} ${round(mark.y)})`);
  group
    .selectAll<SVGPathElement, GlyphPart>('path.part')
    .data(glyphParts(mark.size, mark.state))
    .join((enter) => enter.insert('path', 'g'))
    .attr('class', (part) => `part ${part.role}`)
    .attr('d', (part) => part.d);
  const cells = mark.ink?.cells ?? 1;
  const inset = mark.state === 'trainable' ? 1 : 0;
  const scale = (face - 2 * inset) / cells;
  group
    .selectAll<SVGGElement, number>('g.ink')
    .data(mark.ink ? [0] : [])
    .join('g')
    .attr('class', 'ink')
    .attr('transform', `translate(${inset} ${round(inset - face)}) scale(${round(scale, 3)})`)
    .each(function () {
      drawInk(this, mark.ink?.shades ?? []);
    });
}

/** A path of the glyph and the role that figure.css paints. */
export interface GlyphPart {
  role: string;
  d: string;
}

/** The paths of a glyph from back to front, with the lower left corner of the front face at (0, 0). */
export function glyphParts(size: GlyphSize, state: WeightState): GlyphPart[] {
  return state === 'trainable' ? softBody(size) : straightBox(size, state === 'frozen');
}

function straightBox({ face: f, depth }: GlyphSize, isFrozen: boolean): GlyphPart[] {
  const [dx, dy] = [depth * axis.x, depth * axis.y];
  const top = `M0 ${round(-f)}L${round(dx)} ${round(-f + dy)}H${round(f + dx)}L${round(f)} ${round(-f)}Z`;
  const side = `M${round(f)} 0L${round(f + dx)} ${round(dy)}V${round(-f + dy)}L${round(f)} ${round(-f)}Z`;
  const parts = [
    { role: 'top', d: top },
    { role: 'side', d: side },
  ];
  if (isFrozen && depth > 10) parts.push({ role: 'lattice', d: lattice(f, depth) });
  parts.push({ role: 'edges', d: top + side }, { role: 'front', d: `M0 0V${round(-f)}H${round(f)}V0Z` });
  return parts;
}

/** Two families of diagonals on the top and on the side face, each ending exactly at the face's edges. */
function lattice(f: number, depth: number): string {
  const step = 8.5;
  const lines: string[] = [];
  const onTop = (u: number, v: number) => `${round(u + v * axis.x)} ${round(-f + v * axis.y)}`;
  const onSide = (u: number, v: number) => `${round(f + v * axis.x)} ${round(-u + v * axis.y)}`;
  for (let c = step; c < f + depth; c += step) {
    const [u0, v0, u1, v1] = [Math.max(0, c - depth), Math.min(depth, c), Math.min(f, c), Math.max(0, c - f)];
    for (const place of [onTop, onSide]) {
      lines.push(`M${place(u0, v0)}L${place(u1, v1)}M${place(f - u0, v0)}L${place(f - u1, v1)}`);
    }
  }
  return lines.join('');
}

/** The round face swept along a wave: the union of its copies is one path, the flow lines follow the sweep. */
function softBody({ face: f, depth }: GlyphSize): GlyphPart[] {
  const steps = Math.max(8, Math.min(36, Math.round(depth / 2.4)));
  const radius = Math.min(8, f * 0.28);
  const amplitude = f > 16 ? 1.7 : 1.35;
  const phase = Math.max(1, Math.round(depth / 15)) * 2 * Math.PI;
  const at = (t: number): [number, number] => [
    t * depth * axis.x,
    t * depth * axis.y + amplitude * Math.sin(t * phase),
  ];
  const sweep = Array.from({ length: steps + 1 }, (_, i) => {
    const [x, y] = at(1 - i / steps);
    return roundSquare(x, y, f, radius);
  }).join('');
  const line = (ox: number, oy: number, from = 1, to = steps - 1) =>
    Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => {
      const [x, y] = at((from + i) / steps);
      return `${i ? 'L' : 'M'}${round(x + ox)} ${round(y + oy)}`;
    }).join('');
  const nook = radius * 0.55;
  const back = (ox: number) =>
    line(ox, -f + nook * 0.2, 0, steps)
      .slice(1)
      .split('L')
      .reverse()
      .map((point) => `L${point}`)
      .join('');
  const top = `${line(nook, -f + nook * 0.2, 0, steps)}${back(f - nook)}Z`;
  const across = f > 30 ? [0.34, 0.68] : [0.5];
  const along = f > 30 ? [0.64, 0.32] : f > 16 ? [0.48] : [];
  const flow = [...across.map((u) => line(f * u, -f + 1)), ...along.map((u) => line(f + 0.2, -f * u, 2))];
  return [
    { role: 'rim', d: sweep },
    { role: 'side', d: sweep },
    { role: 'top', d: top },
    { role: 'flow', d: flow.join('') },
    { role: 'front', d: roundSquare(0, 0, f, radius) },
  ];
}

function roundSquare(x: number, y: number, f: number, r: number): string {
  const [s, a] = [round(f - 2 * r), round(r)];
  return `M${round(x + r)} ${round(y - f)}h${s}q${a} 0 ${a} ${a}v${s}q0 ${a} -${a} ${a}h-${s}q-${a} 0 -${a} -${a}v-${s}q0 -${a} ${a} -${a}z`;
}

function round(value: number, digits = 1): number {
  const factor = 10 ** digits;
  return Math.round(value * factor) / factor + 0;
}

export interface ColumnMark {
  cells: number;
  width: number;
  height: number;
  /** Lower left corner. */
  x: number;
  y: number;
  state: WeightState;
  /** A cell, counted from the top, that is filled. */
  filled?: number;
}

/** Draws a vector as a column of cells: numbers without places. */
export function drawColumn(element: SVGGElement, mark: ColumnMark): void {
  const group = select(element);
  group.selectAll('path, g').remove();
  const { cells, width, height, x, y, state, filled } = mark;
  const pitch = height / cells;
  const gap = state === 'trainable' ? 1.5 : 0;
  group
    .attr('class', `glyph column ${state}`)
    .attr('transform', `translate(${round(x)} ${round(y - height)})`);
  group
    .selectAll<SVGRectElement, number>('rect')
    .data(Array.from({ length: cells }, (_, index) => index))
    .join('rect')
    .attr('class', (index) => (index === filled ? 'cell filled' : 'cell'))
    .attr('y', (index) => round(index * pitch))
    .attr('width', width)
    .attr('height', round(pitch - gap))
    .attr('rx', state === 'trainable' ? Math.min(3, round(pitch / 3)) : 0);
}
