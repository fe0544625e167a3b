/** Draws the bench: cells with their code, output, error, tensors and graph. Drawing the same state twice changes nothing. */
import { select } from 'd3';
import { t } from '../../site/strings.ts';
import { drawDataTable } from '../kit/data-table.ts';
import { keyed, setText } from '../kit/join.ts';
import { drawStatusLine } from '../kit/status-line.ts';
import type { BenchRun, BenchState, Cell, TensorPicture } from './model.ts';
import { drawGraph } from './view-graph.ts';
import { drawTensors } from './view-tensors.ts';

/** Draws everything below the figure's head into `root`, which holds the bench's shell. */
export function drawBench(root: HTMLElement, state: BenchState): void {
  const part = <E extends HTMLElement>(name: string): E => {
    const element = root.querySelector<E>(`[data-part="${name}"]`);
    if (!element) throw new Error(`The bench's shell has no part "${name}".`);
    return element;
  };
  const isRunning = state.running !== undefined;
  for (const option of part('lesson').querySelectorAll('option')) {
    const isChosen = option.getAttribute('value') === state.lesson;
    option.toggleAttribute('selected', isChosen);
  }
  part('cancel').toggleAttribute('hidden', !isRunning);
  part('run-all').toggleAttribute('hidden', isRunning);
  part('undo').toggleAttribute('disabled', state.past.length === 0);
  select(part('cells'))
    .selectAll<HTMLElement, Cell>('section.bench-cell')
    .data(
      state.cells,
      keyed((cell) => String(cell.id)),
    )
    .join((enter) => {
      const cell = enter.append('section').attr('class', 'bench-cell');
      const code = cell.append('div').attr('class', 'bench-code');
      code.append('pre').attr('data-part', 'code').append('code');
      const tools = code.append('div').attr('class', 'bench-cell-tools').attr('data-needs', 'script');
      for (const act of ['run', 'add', 'remove'] as const)
        tools.append('button').attr('class', 'btn').attr('type', 'button').attr('data-act', act);
      for (const name of ['output', 'result', 'error', 'note']) cell.append('pre').attr('data-part', name);
      cell.append('div').attr('class', 'bench-drawings').attr('data-part', 'tensors');
      cell.append('div').attr('class', 'bench-graph').attr('data-part', 'graph');
      return cell;
    })
    .order()
    .attr('data-key', (cell) => cell.id)
    .attr('aria-label', (_, index) => t('bench.cell', { number: index + 1 }))
    .each(function (cell, index) {
      drawCell(this, cell, index + 1, state);
    });
  drawNumbers(part('numbers'), state);
  drawLine(part('line'), state);
}

function drawCell(section: HTMLElement, cell: Cell, number: number, state: BenchState): void {
  const { run } = cell;
  const part = (name: string) => section.querySelector<HTMLElement>(`[data-part="${name}"]`);
  setText(section.querySelector('.bench-code pre code'), cell.code);
  section.classList.toggle('is-stale', cell.isStale);
  section.toggleAttribute('aria-busy', state.running === cell.id);
  for (const button of section.querySelectorAll<HTMLElement>('[data-act]')) {
    const act = button.dataset['act'] as 'run' | 'add' | 'remove';
    setText(button, t(`bench.${act}`));
    button.setAttribute('aria-label', t(`bench.${act}Cell`, { number }));
  }
  const texts: Record<string, string | undefined> = {
    output: run?.output.replace(/\n$/, '') || undefined,
    result: run?.result,
    error: run?.error && sayError(run),
    note: run?.error?.note,
  };
  for (const [name, text] of Object.entries(texts)) {
    const element = part(name);
    element?.toggleAttribute('hidden', text === undefined);
    setText(element, text ?? '');
  }
  drawTensors(part('tensors'), run?.tensors ?? [], cell, state);
  drawGraph(part('graph'), run?.graph);
}

/** Every tensor that the cells made, with its elements in their order. */
function drawNumbers(table: HTMLElement, { cells }: BenchState): void {
  const rows = cells.flatMap(({ run }, index) =>
    (run?.tensors ?? []).map((tensor) => ({ number: index + 1, tensor })),
  );
  const last = ({ isCut, values }: TensorPicture) =>
    isCut ? ` … ${t('bench.cut', { count: values.length })}` : '';
  drawDataTable(
    table,
    [
      { heading: t('bench.table.name'), text: ({ tensor }) => tensor.name },
      { heading: t('bench.table.cell'), isNumber: true, text: ({ number }) => String(number) },
      { heading: t('bench.table.shape'), text: ({ tensor }) => `[${tensor.shape.join(', ')}]` },
      { heading: t('bench.table.dtype'), text: ({ tensor }) => tensor.dtype },
      { heading: t('bench.table.state'), text: ({ tensor }) => tensor.state },
      {
        heading: t('bench.table.values'),
        text: ({ tensor }) => tensor.values.join(', ') + last(tensor),
      },
    ],
    rows,
  );
}

function sayError({ error }: BenchRun): string {
  return error ? `${t('bench.line', { line: error.line })}\n${error.type}: ${error.message}` : '';
}

function drawLine(line: HTMLElement, state: BenchState): void {
  const ran = state.cells.filter(({ run, isStale }) => run && !isStale).length;
  const failed = state.cells.filter(({ run }) => run?.error).length;
  drawStatusLine(line, {
    status: state.status,
    word: t(`figure.status.${state.status}`),
    facts: [
      t('bench.ran', { ran, count: state.cells.length }),
      failed ? t('bench.failed', { count: failed }) : '',
    ],
    aside: t('bench.keys'),
  });
}
