import { t } from '../../site/strings.ts';
import type { RunState } from '../resnet-lens/run-state.ts';

/** What a lens says when its code cannot be fetched; a failure only where the reader was waiting for it. */
export function lostCode(
  status: RunState['status'],
  message: string,
): Partial<Pick<RunState, 'status' | 'problem'>> {
  const isAwaited = status === 'loading';
  const problem = {
    message,
    advice: t('lens.codeLostAdvice'),
    kept: t('lens.kept'),
    details: '',
    canRetry: isAwaited,
  };
  return { ...(isAwaited && { status: 'failed' as const }), problem };
}
