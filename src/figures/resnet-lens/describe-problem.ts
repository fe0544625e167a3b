/** What went wrong, in words for the reader. */
import { asThawError } from '../../engine/errors.ts';
import { t } from '../../site/strings.ts';
import { formatBytes, formatMegabytes } from '../kit/format.ts';
import type { Problem, RunState } from './run-state.ts';

/** The problem that an error is, with what the reader can do and what has been kept. `canRetry`: it happened on the way to a run. */
export function describeProblem(
  error: unknown,
  { progress, isPrecomputed }: Pick<RunState, 'progress' | 'isPrecomputed'>,
  canRetry: boolean,
): Problem {
  const thaw = asThawError(error, {
    code: 'run-failed',
    message: t('lens.unexpected'),
    advice: t('lens.unexpectedAdvice'),
  });
  const kept =
    canRetry && progress && progress.receivedBytes > 0 && thaw.code !== 'wrong-bytes'
      ? t('lens.keptBytes', {
          received: formatMegabytes(progress.receivedBytes),
          total: formatBytes(progress.totalBytes),
        })
      : canRetry || isPrecomputed
        ? t('lens.kept')
        : '';
  const facts = Object.entries(thaw.details).map(([name, value]) => `${name}: ${String(value)}`);
  return {
    message: thaw.message,
    advice: thaw.advice,
    kept,
    details: [`code: ${thaw.code}`, ...facts].join('\n'),
    canRetry: canRetry && thaw.code !== 'no-webassembly',
  };
}
