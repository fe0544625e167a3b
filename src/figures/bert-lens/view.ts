/**
 * Draws the lens's state into its shell. The same function draws the first frame at build time and every frame in the page;
 * drawing the same state twice changes nothing.
 */
import { select } from 'd3';
import { t } from '../../site/strings.ts';
import { formatCount, formatMilliseconds } from '../kit/format.ts';
import { setText } from '../kit/join.ts';
import { drawStatusLine } from '../kit/status-line.ts';
import { backendWords, drawStage } from '../resnet-lens/view-status.ts';
import { isCurrent, type BertState } from './model.ts';
import { choose, type Part } from './panels.ts';
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
  drawStage(part('stage'), state);
  select(part('backend'))
    .selectAll<HTMLOptionElement, unknown>('option')
    .each(function () {
      choose(this, 'selected', this.value === state.backend);
      this.toggleAttribute('disabled', this.value === 'webgpu' && state.hasWebgpu === false);
    });
  drawNotes(part('notes'), state);
  drawChain(part('chain'), state);
  drawAttention(part, state);
  drawMaps(part, state);
  drawCandidates(part, state);
  // On a page that shows the reading alone, the rows below are left out
  const isWhole = root.querySelector('[data-part="tensors"]') !== null;
  if (isWhole) {
    drawTensors(part('part'), part('tensors'), state);
    drawAdapting(part, state);
    setField(part<HTMLInputElement>('other'), state.other);
    drawContext(part, state);
  }
  drawLine(part('line'), state);
  if (!state.isShort) drawTables(part, state, isWhole);
}

/** Writes a value into a field without moving the reader's cursor. */
function setField(field: HTMLInputElement, value: string): void {
  if (field.getAttribute('value') === null) field.setAttribute('value', value);
  if (field.value !== undefined && field.value !== value) field.value = value;
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
