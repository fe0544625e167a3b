/** The benchmark page: starts, follows, cancels, shows and copies. The engine is fetched when the reader presses Start. */
import type { BenchmarkRow, BenchmarkStep } from '../../labs/device-benchmark.ts';
import { formatBytes, formatMilliseconds } from '../../figures/kit/format.ts';

const page = document.querySelector<HTMLElement>('.benchmark');
const part = <E extends HTMLElement>(name: string): E | null =>
  page?.querySelector<E>(`[data-part="${name}"]`) ?? null;
/** The words that this script prints come with the page, as on the settings page. */
const words = JSON.parse(page?.dataset['words'] ?? '{}') as Record<string, string>;
const catalogues = JSON.parse(page?.dataset['catalogues'] ?? '[]') as string[];
let job: AbortController | undefined;
let rows: BenchmarkRow[] = [];

function word(name: string, values: Record<string, string | number> = {}): string {
  return (words[name] ?? '').replace(/\{(\w+)\}/g, (_, key: string) => String(values[key] ?? ''));
}

function say(text: string): void {
  const status = part('status');
  if (status) status.textContent = text;
}

function chosenBackends(): ('wasm' | 'webgpu')[] {
  return (['wasm', 'webgpu'] as const).filter(
    (name) => page?.querySelector<HTMLInputElement>(`input[name="${name}"]`)?.checked,
  );
}

async function start(): Promise<void> {
  if (job) {
    job.abort();
    return;
  }
  const mine = new AbortController();
  job = mine;
  rows = [];
  part('table')?.querySelector('tbody')?.replaceChildren();
  show('running');
  say(word('loading'));
  try {
    const { openBenchmark } = await import('./open-benchmark.ts');
    for await (const step of openBenchmark(catalogues, chosenBackends(), mine.signal)) follow(step);
    say(word('done', { count: rows.length }));
  } catch (error) {
    const { message } = error as Error;
    say(mine.signal.aborted ? word('cancelled', { count: rows.length }) : word('failed', { message }));
  } finally {
    job = undefined;
    show('idle');
  }
}

/** Whether it runs: the one button starts and cancels, and keeps the focus. */
function show(state: 'idle' | 'running'): void {
  if (page) page.dataset['state'] = state;
  const button = part('start');
  if (button) button.textContent = state === 'running' ? word('cancel') : word('again');
  part('bar')?.toggleAttribute('hidden', state === 'idle');
  part('table')?.toggleAttribute('hidden', rows.length === 0 && state === 'idle');
  part('copy')?.toggleAttribute('hidden', rows.length === 0);
}

function follow(step: BenchmarkStep): void {
  const bar = part<HTMLProgressElement>('bar');
  if (step.kind === 'running') {
    const { modelId, threads, precision } = step.trial;
    const backend = word(step.trial.backend);
    if (bar) bar.value = (step.done + step.share) / step.total;
    if (step.share === 0)
      say(
        word('running', { modelId, backend, threads, precision, number: step.done + 1, total: step.total }),
      );
    return;
  }
  rows.push(step.row);
  part('table')?.querySelector('tbody')?.append(drawRow(step.row));
}

/** The cells of a row in the order of the table's head. */
function cellsOf(row: BenchmarkRow): string[] {
  const { times, firstMs, memoryBytes } = row;
  return [
    row.modelId,
    word(row.backend),
    row.backend === 'wasm' ? String(row.threads) : '–',
    row.precision,
    times ? formatMilliseconds(times.medianMs) : '–',
    times ? formatMilliseconds(times.p90Ms) : '–',
    firstMs === undefined ? '–' : formatMilliseconds(firstMs),
    memoryBytes === undefined ? '–' : formatBytes(memoryBytes),
    times ? row.remark : word('failedRow', { message: row.remark }),
  ];
}

function drawRow(row: BenchmarkRow): HTMLTableRowElement {
  const line = document.createElement('tr');
  if (!row.times) line.dataset['failed'] = '';
  const texts = cellsOf(row);
  const add = (text: string, isNumber: boolean, span = 1) => {
    const cell = document.createElement('td');
    if (isNumber) cell.className = 'num';
    cell.colSpan = span;
    cell.textContent = text;
    line.append(cell);
  };
  texts.slice(0, 4).forEach((text, column) => add(text, column === 2));
  // Without times, the reason stands in their place
  if (row.times) texts.slice(4).forEach((text, column) => add(text, column < 4));
  else add(texts.at(-1) ?? '', false, texts.length - 4);
  return line;
}

/** The table as lines of words with tabs between them, the device before it. */
function asText(): string {
  const heads = [...(part('table')?.querySelectorAll('thead th') ?? [])].map((cell) => cell.textContent);
  return [
    word('device', {
      browser: navigator.userAgent,
      cores: navigator.hardwareConcurrency,
      isolated: crossOriginIsolated ? word('yes') : word('no'),
    }),
    heads.join('\t'),
    ...rows.map((row) => cellsOf(row).join('\t')),
  ].join('\n');
}

async function copy(): Promise<void> {
  const text = asText();
  try {
    await navigator.clipboard.writeText(text);
    say(word('copied'));
  } catch {
    // Refused: the reader can take it by hand
    const field = part<HTMLTextAreaElement>('text');
    if (!field) return;
    field.hidden = false;
    field.value = text;
    field.select();
    say(word('byHand'));
  }
}

const connection = (navigator as { connection?: { saveData?: boolean } }).connection;
const webgpu = page?.querySelector<HTMLInputElement>('input[name="webgpu"]');
// WebGPU needs a second build of the runtime: not unasked where bytes are to be saved
if (webgpu && connection?.saveData) webgpu.checked = false;
part('start')?.addEventListener('click', () => void start());
part('copy')?.addEventListener('click', () => void copy());
