/** What the progress bar of a load says: which stage it is in, how much has come, how long it may take. */
import type { LensStep } from '../../labs/resnet-lens.ts';
import { t } from '../../site/strings.ts';
import { estimateSecondsLeft } from '../kit/progress.ts';
import type { RunState } from './run-state.ts';

type Progress = NonNullable<RunState['progress']>;

/** Before anything is known of the load but how many bytes are missing. */
export function firstProgress({ downloadBytes }: RunState): Progress {
  return { label: t('progress.asking'), receivedBytes: 0, totalBytes: Math.max(1, downloadBytes) };
}

/** Where the load of `model` stands after `elapsedMs` milliseconds; the seconds left are told while bytes are still coming. */
export function progressOf(
  { stage, receivedBytes, totalBytes }: Extract<LensStep, { kind: 'loading' }>,
  model: string,
  elapsedMs: number,
): Progress {
  if (receivedBytes >= totalBytes) {
    const label = stage === 'start' ? t('progress.start') : t('progress.session');
    return { label, receivedBytes, totalBytes };
  }
  const secondsLeft = estimateSecondsLeft(receivedBytes, totalBytes, elapsedMs);
  const label = t('progress.download', { model });
  return { label, receivedBytes, totalBytes, ...(secondsLeft !== undefined && { secondsLeft }) };
}
