/** A download: a bar in bytes, how much has come, how long it will take. */
import { select } from 'd3';
import { t } from '../../site/strings.ts';
import { formatBytes, formatMegabytes } from './format.ts';
import { setText } from './join.ts';

export interface Progress {
  /** What is happening, in a few words. */
  label: string;
  receivedBytes: number;
  totalBytes: number;
  /** undefined until the speed is known. */
  secondsLeft?: number;
}

/** Draws the bar and its two numbers into the element; a native progress element carries the value for everybody. */
export function drawProgress(element: HTMLElement, progress: Progress): void {
  const root = select(element);
  if (!element.querySelector('progress')) {
    element.textContent = '';
    root.append('span').attr('class', 'what');
    root.append('progress').attr('class', 'bytes').attr('aria-label', progress.label);
    const ends = root.append('span').attr('class', 'ends');
    ends.append('span').attr('class', 'came');
    ends.append('span').attr('class', 'left');
  }
  const { receivedBytes, totalBytes, secondsLeft } = progress;
  setText(element.querySelector('.what'), progress.label);
  root.select('progress').attr('max', totalBytes).attr('value', Math.min(receivedBytes, totalBytes));
  setText(
    element.querySelector('.came'),
    t('progress.bytes', { received: formatMegabytes(receivedBytes), total: formatBytes(totalBytes) }),
  );
  setText(
    element.querySelector('.left'),
    secondsLeft === undefined ? '' : t('progress.left', { seconds: Math.max(1, Math.ceil(secondsLeft)) }),
  );
}

/** Seconds left at the average speed so far; undefined in the first half second, when any number would be a guess. */
export function estimateSecondsLeft(
  receivedBytes: number,
  totalBytes: number,
  elapsedMs: number,
): number | undefined {
  if (elapsedMs < 500 || receivedBytes <= 0) return undefined;
  return ((totalBytes - receivedBytes) / receivedBytes) * (elapsedMs / 1000);
}
