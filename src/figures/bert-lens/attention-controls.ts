/** Hands on the drawings of attention: tokens and small maps by press, pointer and arrow keys, cells of the matrix by pointer and keys. */
import { rove } from '../kit/roving.ts';
import type { AttentionState } from './model.ts';
import { sayToken } from './view-attention.ts';
import { headMarks } from './view-maps.ts';

/** What the reader can choose there. */
export type AttentionChoice = Partial<Pick<AttentionState, 'layer' | 'head' | 'from' | 'place' | 'cell'>>;

/** What the controls need of their element. */
export interface AttentionHost {
  read: () => AttentionState;
  update: (change: AttentionChoice) => void;
  /** A choice that a link carries; `isNewReading`: something else is asked of the network. */
  share: (change: AttentionChoice, isNewReading: boolean) => void;
  announce: (text: string) => void;
}

/** Listens to a lens's drawings of attention until the signal ends. */
export function controlAttention(figure: HTMLElement, host: AttentionHost, signal: AbortSignal): void {
  const on = <K extends 'click' | 'keydown' | 'pointermove' | 'pointerover' | 'focusin'>(
    type: K,
    act: (target: HTMLElement, event: HTMLElementEventMap[K]) => void,
  ): void =>
    figure.addEventListener(
      type,
      (event) => {
        if (event.target instanceof Element) act(event.target as HTMLElement, event);
      },
      { signal },
    );
  on('click', (target) => {
    const button = target.closest('button');
    const group = button?.parentElement;
    if (button && group && isOurs(group))
      choose(group, [...group.querySelectorAll('button')].indexOf(button), true);
  });
  on('keydown', (target, event) => {
    const group = target.closest<HTMLElement>('[data-part]');
    if (group && isOurs(group)) rove(group, event, (index) => choose(group, index, false));
    if (group?.dataset['part'] === 'matrix') moveCell(event);
  });
  on('pointermove', point);
  on('pointerover', look);
  on('focusin', look);

  function isOurs({ dataset }: HTMLElement): boolean {
    return dataset['part'] === 'heads' || dataset['part'] === 'tokens';
  }

  /** Takes the token or head of this number; a token that was pressed is also what the head is asked about. */
  function choose(group: HTMLElement, index: number, isPressed: boolean): void {
    if (group.dataset['part'] === 'heads') host.share(headMarks(host.read())[index] ?? {}, false);
    else if (isPressed) host.share({ from: index, place: index, cell: undefined }, true);
    else if (index !== host.read().from) host.update({ from: index, cell: undefined });
    host.announce(sayToken(host.read()));
  }

  /** The token under the pointer, or the one that got the focus. */
  function look(target: HTMLElement): void {
    const token = target.closest<HTMLElement>('.token');
    const group = token?.parentElement;
    if (token && group) choose(group, [...group.children].indexOf(token), false);
  }

  function moveCell(event: KeyboardEvent): void {
    const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const { reading, cell, from } = host.read();
    const last = reading.tokens.length - 1;
    const { row, column } = cell ?? { row: from, column: -1 };
    const clamp = (value: number) => Math.max(0, Math.min(last, value));
    host.update({ cell: { row: clamp(row + step[0]), column: clamp(column + step[1]) } });
    host.announce(figure.querySelector('[data-part="cell"]')?.textContent ?? '');
  }

  function point(target: HTMLElement, event: PointerEvent): void {
    const matrix = target.closest('[data-part="matrix"]');
    if (!matrix) return;
    const { left, top, width, height } = matrix.getBoundingClientRect();
    const { reading, cell } = host.read();
    const count = reading.tokens.length;
    const at = (offset: number, size: number) =>
      Math.max(0, Math.min(count - 1, Math.floor((offset / size) * count)));
    const [row, column] = [at(event.clientY - top, height), at(event.clientX - left, width)];
    if (cell?.row !== row || cell.column !== column) host.update({ cell: { row, column } });
  }
}
