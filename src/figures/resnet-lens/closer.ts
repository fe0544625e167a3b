/** Makes the lens's closer look answer: which view, which class, what to compare with, start and cancel. */
import './closer.css';
import { t } from '../../site/strings.ts';
import { saveFile } from '../kit/save.ts';
import { classesCsv, closerViews, methods, type CloserState } from './closer-state.ts';
import type { LiveDoor } from './live-door.ts';
import type { LensState } from './model.ts';
import { closerMarkup, drawCloser } from './view-closer.ts';
import { readHeat, shownEvidence } from './view-why.ts';

/** What the closer look needs from its figure. */
export interface CloserFigure {
  door: LiveDoor;
  read: () => LensState;
  change: (change: Partial<CloserState>) => void;
  announce: (text: string) => void;
}

/** Fills the closer look's place in `figure` and listens there until the signal aborts; returns what draws it. */
export function openCloser(
  figure: HTMLElement,
  { door, read, change, announce }: CloserFigure,
  signal: AbortSignal,
): (state: LensState) => void {
  const root = figure.querySelector<HTMLElement>('[data-part="closer"]');
  if (!root) return () => undefined;
  root.innerHTML = closerMarkup(figure.closest('[id]')?.id ?? 'lens');
  let job: AbortController | undefined;
  let reading: { row: number; column: number } | undefined;

  async function start(kind: 'explain' | 'compare'): Promise<void> {
    job?.abort();
    forgetReading();
    const mine = (job = new AbortController());
    const host = {
      read,
      change: (part: Partial<CloserState>) => {
        if (job === mine) change(part);
      },
      announce,
      signal: AbortSignal.any([mine.signal, signal]),
    };
    await door.ask(async (live) => {
      const subject = await live.subject();
      if (!subject) return;
      const experiments = await import('./live-closer.ts');
      await experiments[kind](subject, host);
    });
  }

  function stop(): void {
    job?.abort();
    change({ progress: undefined });
  }

  function listen<K extends keyof HTMLElementEventMap>(
    type: K,
    act: (event: HTMLElementEventMap[K]) => void,
  ): void {
    root?.addEventListener(type, act, { signal });
  }

  listen('click', ({ target, detail: clicks }) => {
    const action = (target as Element).closest<HTMLElement>('[data-action]')?.dataset['action'];
    if (action === 'explain' || action === 'compare') void start(action);
    // The second half of a double click meets "Cancel", which the reader never meant
    if (action === 'closer-cancel' && clicks < 2) stop();
    if (action === 'classes-csv')
      saveFile(`${read().network.id}-classes.csv`, new Blob([classesCsv(read())], { type: 'text/csv' }));
  });
  listen('input', ({ target }) => {
    if (target instanceof HTMLInputElement && target.type === 'search') change({ query: target.value });
  });
  listen('change', ({ target }) => {
    if (target instanceof HTMLInputElement && target.type === 'radio') {
      const view = closerViews.find((one) => one === target.value);
      if (view) change({ view, problem: undefined });
    }
    if (!(target instanceof HTMLSelectElement)) return;
    // Before anything is drawn: drawing sets the control back to what the state says
    const { value, dataset } = target;
    stop();
    forgetReading();
    if (dataset['part'] === 'asked') change({ classIndex: Number(value) });
    if (dataset['part'] === 'method') change({ method: methods.find((one) => one === value) ?? 'occlusion' });
    if (dataset['part'] === 'rival') change({ rival: value === 'random' ? value : Number(value) });
  });
  for (const pointing of ['pointermove', 'pointerdown'] as const)
    listen(pointing, ({ target, clientX, clientY }) => {
      const heat = (target as Element).closest<HTMLElement>('[data-part="heat"]');
      const map = shownEvidence(read())?.map;
      if (!heat || !map) return;
      const { left, top, width } = heat.getBoundingClientRect();
      const [, size] = read().network.inputShape;
      const at = (offset: number, count: number) =>
        Math.max(0, Math.min(count - 1, Math.floor(((offset / width) * size - map.start) / map.step)));
      look({ row: at(clientY - top, map.rows), column: at(clientX - left, map.columns) });
    });
  listen('keydown', (event) => {
    const map = shownEvidence(read())?.map;
    const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    if (!map || !step || !(event.target as Element).matches('[data-part="heat"]')) return;
    event.preventDefault();
    const { row, column } = reading ?? { row: 0, column: -1 };
    const clamp = (value: number, count: number) => Math.max(0, Math.min(count - 1, value));
    look({ row: clamp(row + (step[0] ?? 0), map.rows), column: clamp(column + (step[1] ?? 0), map.columns) });
  });

  function forgetReading(): void {
    reading = undefined;
    root?.querySelector('.heat .reading')?.remove();
  }

  function look(cell: { row: number; column: number }): void {
    reading = cell;
    readHeat(root as HTMLElement, read(), cell);
  }

  root
    .querySelector('[data-closer="classes"]')
    ?.insertAdjacentHTML(
      'beforeend',
      `<p class="closer-save"><button type="button" class="btn btn-quiet" data-action="classes-csv">${t('closer.saveClasses')}</button></p>`,
    );
  return (state) => {
    drawCloser(root, state);
  };
}
