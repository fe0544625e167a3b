/** One cell of the enlarged channel: its value, and the part of the picture that it depends on. */
import { select } from 'd3';
import { t } from '../../site/strings.ts';
import { formatValue } from '../kit/format.ts';
import { setText } from '../kit/join.ts';
import {
  channelOf,
  openBlock,
  openChannel,
  shownResult,
  type BlockDescription,
  type LensState,
} from './model.ts';

export interface Cell {
  row: number;
  column: number;
}

/** Edges in pixels of the picture, first pixel included, last one not. */
export interface FieldOnPicture {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** The part of the picture that a cell of the block's output depends on, cut off at the picture's edges. */
export function fieldOf(block: BlockDescription, { row, column }: Cell, inputSize: number): FieldOnPicture {
  const { receptiveField: size, fieldStep: step, fieldStart: start } = block;
  const cut = (pixel: number) => Math.max(0, Math.min(inputSize, pixel));
  const [left, top] = [start + column * step, start + row * step];
  return { left: cut(left), top: cut(top), right: cut(left + size), bottom: cut(top + size) };
}

/** Shows a cell's value under the enlarged channel, marks the cell and frames what it sees; `undefined` takes the marks away. */
export function drawReading(root: HTMLElement, state: LensState, cell: Cell | undefined): void {
  const stack = shownResult(state)?.stacks[state.block];
  const map = root.querySelector<HTMLElement>('[data-part="large"]');
  const read = root.querySelector<HTMLElement>('[data-part="read"]');
  const picture = root.querySelector<HTMLElement>('[data-part="picture"] .big-pic');
  if (!stack || !map || !read) return;
  select(map)
    .select('svg')
    .selectAll<SVGRectElement, Cell>('rect.reading')
    .data(cell ? [cell] : [])
    .join('rect')
    .attr('class', 'reading')
    .attr('x', (at) => at.column)
    .attr('y', (at) => at.row)
    .attr('width', 1)
    .attr('height', 1);
  const [, size] = state.network.inputShape;
  const field = cell && fieldOf(openBlock(state), cell, size);
  if (picture) drawField(picture, field, size);
  const value = cell && channelOf(stack, openChannel(state))[cell.row * stack.width + cell.column];
  if (!cell || !field || value === undefined) setText(read, t('lens.placeHint'));
  else
    setText(
      read,
      `${t('lens.place', { row: cell.row + 1, column: cell.column + 1, value: formatValue(value) })} · ${sayField(field, size)}`,
    );
}

function drawField(picture: HTMLElement, field: FieldOnPicture | undefined, size: number): void {
  select(picture)
    .selectAll<SVGSVGElement, FieldOnPicture>('svg.field-frame')
    .data(field ? [field] : [])
    .join((enter) => {
      const svg = enter.append('svg').attr('class', 'field-frame').attr('aria-hidden', 'true');
      svg.append('path');
      return svg;
    })
    .attr('viewBox', `0 0 ${size} ${size}`)
    .select('path')
    .attr('fill-rule', 'evenodd')
    .attr(
      'd',
      ({ left, top, right, bottom }) => `M0 0H${size}V${size}H0ZM${left} ${top}V${bottom}H${right}V${top}Z`,
    );
}

function sayField({ left, top, right, bottom }: FieldOnPicture, size: number): string {
  if (right - left === size && bottom - top === size) return t('lens.placeSeesAll');
  return t('lens.placeSees', { left: left + 1, right, top: top + 1, bottom });
}
