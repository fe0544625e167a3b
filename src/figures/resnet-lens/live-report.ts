/** What is said about a run when it is over: how it went, and the likeliest class. */
import type { LoadedModel } from '../../engine/runtime/types.ts';
import type { LensAnswer } from '../../labs/resnet-lens.ts';
import { t } from '../../site/strings.ts';
import { formatMilliseconds, formatPercent } from '../kit/format.ts';
import type { RunReport } from './run-state.ts';
import { backendWords } from './view-status.ts';

/** How and how fast the run went. */
export function reportOf(answer: LensAnswer, { storageRefused, report }: LoadedModel): RunReport {
  const { backend, threads, precision, elapsedMs } = answer;
  // What befell the load is to be read as well
  const note = answer.note || report.note;
  return {
    ...{ threads, precision, elapsedMs, note, storageRefused },
    backend: backend === 'webgpu' ? 'webgpu' : 'wasm',
  };
}

/** One sentence about an answer, for assistive technology. */
export function answerWords([best]: LensAnswer['top'], report: RunReport): string {
  return t('lens.announceRun', {
    name: best?.name ?? '',
    share: formatPercent(best?.probability ?? 0),
    time: formatMilliseconds(report.elapsedMs),
    backend: backendWords(report),
  });
}
