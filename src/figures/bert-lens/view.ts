/**
 * Draws the lens's state into its shell. The same function draws the first frame at build time and every frame in the page;
 * drawing the same state twice changes nothing.
 */
import { t } from '../../site/strings.ts';
import { formatCount, formatMilliseconds } from '../kit/format.ts';
import { setText, whenOther } from '../kit/join.ts';
import { drawStatusLine } from '../kit/status-line.ts';
import { backendWords, drawStage } from '../resnet-lens/view-status.ts';
import { isCurrent, type BertState } from './model.ts';
import { drawBackends, setField, type Part } from './panels.ts';
import { mostLetters } from './words.ts';
import { drawAdapting } from './view-adapting.ts';
import { drawAttention } from './view-attention.ts';
import { drawCandidates } from './view-candidates.ts';
import { drawContext } from './view-context.ts';
import { drawMaps } from './view-maps.ts';
import { drawChain, drawTensors } from './view-shapes.ts';
import { drawTables } from './view-tables.ts';

/** Draws everything below the figure's head into `root`, which holds the lens's shell. */
export function drawBert(root: HTMLElement, state: BertState): void {
  const part: Part = <E extends Element>(name: string): E => {
    const element = root.querySelector<E>(`[data-part="${name}"]`);
    if (!element) throw new Error(`The lens's shell has no part "${name}".`);
    return element;
  };
  setField(part<HTMLInputElement>('text'), state.text);
  drawBackends(part('backend'), state);
  drawNotes(part('notes'), state);
  // While a newer text is read, which is a matter of a frame or two, the last one stands, and what is said of it
  if (state.status !== 'running' || state.progress || !state.report) {
    drawStage(part('stage'), state);
    drawLine(part('line'), state);
  }
  if (state.status !== 'running')
    drawReading(part, state, root.querySelector('[data-part="tensors"]') !== null);
}

/** Draws what was read. On a page that shows the reading alone, the rows below it are left out. */
function drawReading(part: Part, state: BertState, isWhole: boolean): void {
  const { encoder, reading, from, place, layer, head, pair, depth, way, amounts } = state;
  whenOther(part('chain'), [encoder, reading], () => drawChain(part('chain'), state));
  drawAttention(part, state);
  drawMaps(part, state);
  whenOther(part('candidates'), [encoder, reading, place], () => drawCandidates(part, state));
  if (isWhole) {
    whenOther(part('tensors'), [encoder, reading, state.part], () =>
      drawTensors(part('part'), part('tensors'), state),
    );
    whenOther(part('parts'), [encoder, way, amounts], () => drawAdapting(part, state));
    setField(part<HTMLInputElement>('other'), state.other);
    whenOther(part('context'), [reading, pair, depth], () => drawContext(part, state));
  }
  if (state.isShort) return;
  const shown = [encoder, reading, from, layer, head, pair, way, amounts];
  whenOther(part('table-tokens'), shown, () => drawTables(part, state, isWhole));
}

function drawNotes(box: HTMLElement, state: BertState): void {
  const { reading, encoder } = state;
  const notes: string[] = [];
  if (!isCurrent(state) && state.isPrecomputed) notes.push(t('bert.pending'));
  if (reading.cut > 0)
    notes.push(t('bert.cutPieces', { count: formatCount(reading.cut), longest: encoder.positions }));
  if (reading.cut < 0)
    notes.push(t('bert.cutLetters', { letters: formatCount(mostLetters), longest: encoder.positions }));
  if (reading.tokens.every(({ word }) => word === null)) notes.push(t('bert.empty'));
  if (reading.unknown > 0) notes.push(t('bert.unknown', { count: reading.unknown }));
  box.toggleAttribute('hidden', notes.length === 0);
  setText(box, notes.join(' '));
}

function drawLine(line: HTMLElement, state: BertState): void {
  const { status, encoder, report, isPrecomputed, reading, progress } = state;
  const isStarting = status === 'loading' && progress && progress.receivedBytes >= progress.totalBytes;
  const facts = report
    ? [
        `${encoder.id}, ${encoder.layers} × ${encoder.width}, ${report.precision}`,
        backendWords(report),
        t('bert.perText', { time: formatMilliseconds(report.elapsedMs), count: reading.tokens.length }),
        report.note,
        report.storageRefused ? t('lens.storageRefused') : '',
        t('bert.keys'),
      ]
    : [encoder.id, status === 'idle' ? t('figure.nothingYet') : ''];
  drawStatusLine(line, {
    status,
    word: isStarting ? t('figure.status.starting') : t(`figure.status.${status}`),
    facts,
    aside: isPrecomputed ? t('figure.precomputed') : '',
  });
}
