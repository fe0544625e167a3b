/** The run button and what takes its place: a bar in bytes, or what went wrong; and the status line. */
import { select } from 'd3';
import { t } from '../../site/strings.ts';
import { drawActions, type StageAction } from '../kit/action-row.ts';
import { formatBytes, formatMilliseconds } from '../kit/format.ts';
import { drawNews } from '../kit/stage.ts';
import { drawStatusLine } from '../kit/status-line.ts';
import type { RunReport, RunState } from './run-state.ts';

/** What the reader can press now. `data-action` tells the element which. */
/** What the stage shows of a run, whatever the network reads. */
export type StageState = Pick<
  RunState,
  'status' | 'progress' | 'problem' | 'notice' | 'hasWebgpu' | 'downloadBytes'
>;

/** Draws the one place where a run is started, followed, called off or tried again. */
export function drawStage(stage: HTMLElement, state: StageState): void {
  const { status, progress, problem, notice } = state;
  const root = select(stage).attr('class', `stage ${status}`);
  drawNews(stage, { status, problem, progress });
  drawActions(stage, actionsOf(state));
  root
    .selectAll<HTMLElement, string>('.notice')
    .data(
      [notice, state.hasWebgpu === false ? t('backend.missing') : undefined].filter(
        (text) => text !== undefined,
      ),
    )
    .join('p')
    .attr('class', 'notice small')
    .text((text) => text);
  root
    .selectAll<HTMLElement, string>('details')
    .data(problem?.details ? [problem.details] : [])
    .join((enter) => {
      const details = enter.append('details').attr('class', 'problem-details');
      details.append('summary').text(t('figure.details'));
      details.append('pre').attr('tabindex', '0');
      const act = details.append('p').attr('class', 'report');
      act.append('button').attr('type', 'button').attr('class', 'btn').attr('data-action', 'report');
      act.select('button').text(t('figure.copyReport'));
      act.append('span').attr('class', 'small').attr('role', 'status');
      return details;
    })
    .select('pre')
    .text((text) => text);
}

function actionsOf({ status, problem, downloadBytes }: StageState): StageAction[] {
  const bytes = downloadBytes > 0 ? formatBytes(downloadBytes) : t('figure.stored');
  if (status === 'loading') return [{ action: 'cancel', kind: 'btn-quiet', text: t('figure.cancel') }];
  if (problem?.canRetry)
    return [{ action: 'run', kind: 'btn-primary', icon: 'again', text: t('figure.tryAgain'), note: bytes }];
  if (status === 'idle' || status === 'failed') {
    return [{ action: 'run', kind: 'btn-primary', icon: 'play', text: t('figure.run'), note: bytes }];
  }
  return [{ action: 'run', kind: '', icon: 'again', text: t('figure.runAgain') }];
}

/** Draws the status line: state, network, backend, threads, milliseconds; `hint` says which keys there are. */
export function drawLine(line: HTMLElement, state: RunState, hint = ''): void {
  const { status, network, report, isPrecomputed } = state;
  const facts = report
    ? [
        `${network.id}, ${report.precision}`,
        backendWords(report),
        t('lens.perPicture', { time: formatMilliseconds(report.elapsedMs) }),
        report.note,
        report.storageRefused ? t('lens.storageRefused') : '',
        hint,
      ]
    : [network.id, status === 'idle' ? t('figure.nothingYet') : ''];
  drawStatusLine(line, {
    status,
    word: isStarting(state) ? t('figure.status.starting') : t(`figure.status.${status}`),
    facts,
    aside: isPrecomputed ? t('figure.precomputed') : '',
  });
}

/** Every byte is here, but the network does not run yet. */
function isStarting({ status, progress }: RunState): boolean {
  return status === 'loading' && progress !== undefined && progress.receivedBytes >= progress.totalBytes;
}

/** Backend and threads: `WebAssembly · 2 threads`. */
export function backendWords({ backend, threads }: Pick<RunReport, 'backend' | 'threads'>): string {
  const name = t(`backend.${backend}`);
  if (backend === 'webgpu') return name;
  return threads === 1
    ? t('backend.thread', { backend: name })
    : t('backend.threads', { backend: name, count: threads });
}
