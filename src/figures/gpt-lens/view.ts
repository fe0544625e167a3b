/**
 * Draws the lens's state into its shell. The same function draws the first frame at build time and every frame in the page;
 * drawing the same state twice changes nothing.
 */
import { t } from '../../site/strings.ts';
import { formatCount, formatMilliseconds } from '../kit/format.ts';
import { setText, whenOther } from '../kit/join.ts';
import { drawStatusLine } from '../kit/status-line.ts';
import { setField, type Part } from '../bert-lens/panels.ts';
import { drawAttention } from '../bert-lens/view-attention.ts';
import { drawMaps } from '../bert-lens/view-maps.ts';
import { mostLetters } from '../bert-lens/words.ts';
import { backendWords, drawStage } from '../resnet-lens/view-status.ts';
import { attentionOf, isCurrent, type GptState } from './model.ts';
import { drawButtons, drawFlow } from './view-flow.ts';
import { drawNext } from './view-next.ts';
import { drawTables } from './view-tables.ts';
import { drawWays } from './view-ways.ts';

/** Draws everything below the figure's head into `root`, which holds the lens's shell. */
export function drawGpt(root: HTMLElement, state: GptState): void {
  const part: Part = <E extends Element>(name: string): E => {
    const element = root.querySelector<E>(`[data-part="${name}"]`);
    if (!element) throw new Error(`The lens's shell has no part "${name}".`);
    return element;
  };
  setField(part<HTMLInputElement>('text'), state.text);
  drawStage(part('stage'), state);
  drawNotes(part('notes'), state);
  drawButtons(root, state);
  drawLine(part('line'), state);
  // While a newer text is read, the last one stands
  if (state.status !== 'running') drawReading(part, state);
}

/** Draws what was read. */
function drawReading(part: Part, state: GptState): void {
  const { decoder, reading, from, place, layer, head, settings } = state;
  whenOther(part('flow'), [decoder, reading, place, state.stopped], () => drawFlow(part, state));
  drawNext(part, state);
  const attention = attentionOf(state);
  drawAttention(part, attention);
  drawMaps(part, attention);
  setText(part('matrix-title').querySelector('span'), ` ${t('gpt.mask')}`);
  whenOther(part('ways'), [decoder], () => drawWays(part, state));
  if (state.isShort) return;
  const shown = [reading, from, layer, head, settings, state.isPrecomputed];
  whenOther(part('table-tokens'), shown, () => drawTables(part, state));
}

function drawNotes(box: HTMLElement, state: GptState): void {
  const { reading, decoder } = state;
  const notes: string[] = [];
  if (!isCurrent(state) && state.isPrecomputed) notes.push(t('gpt.pending'));
  if (reading.cut > 0)
    notes.push(t('bert.cutPieces', { count: formatCount(reading.cut), longest: decoder.positions }));
  if (reading.cut < 0)
    notes.push(t('bert.cutLetters', { letters: formatCount(mostLetters), longest: decoder.positions }));
  if (reading.tokens.length === reading.written.length + 1) notes.push(t('gpt.empty'));
  if (reading.unknown > 0) notes.push(t('bert.unknown', { count: reading.unknown }));
  box.toggleAttribute('hidden', notes.length === 0);
  setText(box, notes.join(' '));
}

function drawLine(line: HTMLElement, state: GptState): void {
  const { status, decoder, report, isPrecomputed, progress } = state;
  const isStarting = status === 'loading' && progress && progress.receivedBytes >= progress.totalBytes;
  const facts = report
    ? [
        `${decoder.id}, ${decoder.layers} × ${decoder.width}, ${report.precision}`,
        backendWords(report),
        report.pieces === 1
          ? t('gpt.perPiece', { time: formatMilliseconds(report.elapsedMs) })
          : t('gpt.perPieces', { time: formatMilliseconds(report.elapsedMs), count: report.pieces }),
        report.note,
        report.storageRefused ? t('lens.storageRefused') : '',
        t('bert.keys'),
      ]
    : [decoder.id, status === 'idle' ? t('figure.nothingYet') : ''];
  drawStatusLine(line, {
    status,
    word: isStarting ? t('figure.status.starting') : t(`figure.status.${status}`),
    facts,
    aside: isPrecomputed ? t('figure.precomputed') : '',
  });
}
