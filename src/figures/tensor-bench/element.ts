/** `<thaw-tensor-bench>`: listens, keeps the cells, runs them in a worker, draws them. The editor's code comes with this file. */
import { programText, notebookFile } from '../../labs/tensor-bench/notebook-file.ts';
import { openBench, type BenchDoor, type Stopped } from '../../labs/tensor-bench/browser.ts';
import lessons from '../../labs/tensor-bench/lessons.json' with { type: 'json' };
import { t } from '../../site/strings.ts';
import { openAddress, type FigureAddress } from '../kit/figure-address.ts';
import { FigureElement } from '../kit/figure-element.ts';
import { saveFile } from '../kit/save.ts';
import { openEditor, type CellEditor } from './editor.ts';
import { firstState } from './first-state.ts';
import {
  addBehind,
  changeCell,
  codesOf,
  freshCells,
  lessonIds,
  readCodes,
  sharedFields,
  stepFrom,
  writeCodes,
  type BenchState,
  type Cell,
  type Lesson,
  type LessonId,
  type Shared,
} from './model.ts';
import { sayElement } from './view-tensors.ts';
import { drawBench } from './view.ts';

/** Changes that can be undone. */
const mostUndo = 50;

/** Brings the benches of the page to life. */
export function defineBench(): void {
  if (!customElements.get('thaw-tensor-bench')) customElements.define('thaw-tensor-bench', TensorBench);
}

function lessonOf(id: LessonId): Lesson {
  const found = lessons.find((lesson) => lesson.id === id);
  if (!found) throw new RangeError(`There is no lesson "${id}".`);
  return { id, cells: found.cells };
}

class TensorBench extends FigureElement<BenchState> {
  // Set by start, before anything can read them
  #address!: FigureAddress<Shared>;
  #door!: BenchDoor;
  #editors = new Map<number, CellEditor>();

  protected start(signal: AbortSignal): BenchState {
    const lesson = lessonIds.find((id) => id === this.dataset['lesson']) ?? 'article';
    this.#address = openAddress(this, sharedFields, { lesson, cells: '' });
    this.#door = openBench(signal);
    this.addEventListener('click', (event) => this.#click(event.target as Element), { signal });
    this.addEventListener('change', (event) => this.#change(event.target), { signal });
    this.addEventListener('keydown', (event) => this.#key(event), { signal });
    this.addEventListener('pointerover', (event) => this.#point(event.target as Element), { signal });
    this.addEventListener('focusin', (event) => this.#point(event.target as Element), { signal });
    const shared = this.#address.read();
    const own = shared.cells === undefined ? undefined : readCodes(shared.cells);
    const chosen = shared.lesson ?? lesson;
    const first = firstState(lessonOf(chosen));
    return own || chosen !== lesson
      ? { ...first, cells: freshCells(own ?? codesOf(lessonOf(chosen))) }
      : first;
  }

  protected draw(state: BenchState): void {
    drawBench(this, state);
    for (const cell of state.cells) this.#edit(cell);
    for (const id of this.#editors.keys())
      if (!state.cells.some((cell) => cell.id === id)) this.#editors.delete(id);
  }

  #section(id: number): HTMLElement | null {
    return this.querySelector(`.bench-cell[data-key="${id}"]`);
  }

  /** Gives a cell its editor, in the place of the printed code. */
  #edit(cell: Cell): void {
    const section = this.#section(cell.id);
    const printed = section?.querySelector<HTMLElement>('pre[data-part="code"]');
    if (!section || !printed) return;
    let editor = this.#editors.get(cell.id);
    if (!editor || !section.querySelector('.bench-editor')) {
      const place = document.createElement('div');
      place.className = 'bench-editor';
      printed.before(place);
      printed.hidden = true;
      editor = openEditor(place, cell.code, {
        label: section.getAttribute('aria-label') ?? '',
        changed: (code) => this.#typed(cell.id, code),
        run: () => void this.#runCells([cell.id]),
        leave: () => section.querySelector<HTMLElement>('[data-act="run"]')?.focus(),
      });
      this.#editors.set(cell.id, editor);
    }
    editor.setCode(cell.code);
    editor.markLine(cell.isStale ? undefined : cell.run?.error?.line);
  }

  #typed(id: number, code: string): void {
    this.update({ cells: changeCell(this.state.cells, id, { code, isStale: true }) });
    this.#share();
  }

  #share(): void {
    const { lesson, cells } = this.state;
    this.#address.write({
      lesson,
      cells: writeCodes(
        cells.map(({ code }) => code),
        lessonOf(lesson),
      ),
    });
  }

  /** Replaces the cells in a way that can be undone. */
  #replace(cells: readonly Cell[], change: Partial<BenchState> = {}): void {
    this.update({
      ...change,
      cells,
      pick: undefined,
      past: [...this.state.past, this.state.cells].slice(-mostUndo),
    });
    this.#share();
  }

  #click(target: Element): void {
    const button = target.closest('button');
    const id = Number(target.closest<HTMLElement>('.bench-cell')?.dataset['key']);
    const acts: Partial<Record<string, () => void>> = {
      'run-all': () => {
        this.#door.restart();
        void this.#runCells(this.state.cells.map((cell) => cell.id));
      },
      cancel: () => this.#door.cancel(),
      undo: () => this.#undo(),
      reset: () => this.#openLesson(this.state.lesson),
      copy: () => void this.#copy(),
      export: () => this.#export(),
      run: () => void this.#runCells([id]),
      add: () => {
        const { cells, added } = addBehind(this.state.cells, id);
        this.#replace(cells);
        this.#editors.get(added)?.focus();
      },
      remove: () => {
        const next = this.#section(id)?.nextElementSibling ?? this.#section(id)?.previousElementSibling;
        if (this.state.cells.length > 1) this.#replace(this.state.cells.filter((cell) => cell.id !== id));
        next?.querySelector<HTMLElement>('[data-act="run"]')?.focus();
      },
    };
    acts[button?.dataset['part'] ?? button?.dataset['act'] ?? '']?.();
  }

  #change(target: EventTarget | null): void {
    if (!(target instanceof HTMLSelectElement)) return;
    const lesson = lessonIds.find((id) => id === target.value);
    if (lesson) this.#openLesson(lesson);
  }

  #openLesson(lesson: LessonId): void {
    this.#door.restart();
    this.#editors.clear();
    for (const place of this.querySelectorAll('.bench-cell')) place.remove();
    this.#replace(freshCells(codesOf(lessonOf(lesson))), { lesson });
  }

  #undo(): void {
    const cells = this.state.past.at(-1);
    if (!cells) return;
    this.update({ cells, past: this.state.past.slice(0, -1), pick: undefined });
    this.#share();
  }

  /** Runs cells in order and stops at the first error, as a notebook does. */
  async #runCells(ids: readonly number[]): Promise<void> {
    if (this.state.running !== undefined) return;
    const stopped = this.#door.isFresh() ? await this.#replay(ids[0]) : undefined;
    if (stopped !== undefined) {
      this.#stopped(stopped, ids[0]);
      return;
    }
    for (const id of ids) {
      const code = this.state.cells.find((cell) => cell.id === id)?.code;
      if (code === undefined) continue;
      this.update({ running: id, status: 'running', pick: undefined });
      const run = await this.#door.run(code);
      if (typeof run === 'string') {
        this.#stopped(run, id);
        return;
      }
      this.update({
        cells: changeCell(this.state.cells, id, { run, isStale: false }),
        running: undefined,
        status: 'ready',
      });
      const number = this.state.cells.findIndex((cell) => cell.id === id) + 1;
      this.announce(
        run.error
          ? `${t('bench.cell', { number })}: ${run.error.type}: ${run.error.message}`
          : t('bench.announce', { number, output: run.output + (run.result ?? '') }),
      );
      if (run.error) return;
    }
  }

  /** A new thread knows no names: what the cells above have made is made again first. */
  async #replay(before: number): Promise<Stopped | undefined> {
    const { cells } = this.state;
    const above = cells.slice(
      0,
      Math.max(
        0,
        cells.findIndex((cell) => cell.id === before),
      ),
    );
    for (const cell of above) {
      if (!cell.run || cell.isStale) continue;
      this.update({ running: cell.id, status: 'running' });
      const run = await this.#door.run(cell.code);
      if (typeof run === 'string') return run;
    }
    return undefined;
  }

  /** A run that gave nothing: why, in the place of the cell's result. */
  #stopped(why: Stopped, id: number): void {
    const message = t(`bench.${why}`);
    const error = { type: t('bench.stopped'), message, line: 1, note: undefined };
    const run = { output: '', result: undefined, error, tensors: [], graph: undefined };
    const cells = changeCell(this.state.cells, id, { run, isStale: true });
    this.update({ cells, running: undefined, status: 'ready' });
    this.announce(message);
  }

  async #copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(programText(this.state.cells.map(({ code }) => code)));
      this.announce(t('bench.copied'));
    } catch {
      this.announce(t('bench.copyFailed'));
    }
  }

  #export(): void {
    const cells = this.state.cells.map(({ code, run, isStale }) => ({
      code,
      run: isStale ? undefined : run,
    }));
    saveFile(
      `tensor-bench-${this.state.lesson}.ipynb`,
      new Blob([notebookFile(cells)], { type: 'application/x-ipynb+json' }),
    );
  }

  /** The element of a drawing under the pointer, or the first of the drawing that got the focus. */
  #point(target: Element): void {
    const svg = target.closest<SVGSVGElement>('svg.bench-boxes');
    const cell = Number(target.closest<HTMLElement>('.bench-cell')?.dataset['key']);
    // Whoever walks by keys is not led away by a pointer that the page scrolled under
    const focused = document.activeElement?.closest('svg.bench-boxes');
    if (!svg || (focused && focused !== svg && this.contains(focused))) return;
    const tensor = Number(svg.dataset['tensor']);
    const at = Number(target.closest<SVGGElement>('g[data-at]')?.dataset['at'] ?? 0);
    const { pick } = this.state;
    const isKept = target === svg && pick?.cell === cell && pick.tensor === tensor;
    if (!isKept && !(target === svg && document.activeElement !== svg))
      this.update({ pick: { cell, tensor, at } });
  }

  #key(event: KeyboardEvent): void {
    const svg = (event.target as Element).closest<SVGSVGElement>('svg.bench-boxes');
    const { pick, cells } = this.state;
    if (!svg || !pick || event.altKey || event.ctrlKey || event.metaKey) return;
    const tensor = cells.find((cell) => cell.id === pick.cell)?.run?.tensors[pick.tensor];
    const at = tensor && stepFrom(tensor.shape, pick.at, event.key, tensor.values.length);
    if (!tensor || at === undefined) return;
    event.preventDefault();
    this.update({ pick: { ...pick, at } });
    this.announce(sayElement(tensor, at));
  }
}
