/** Where the panel stands, as plain data. */
import type { Reading } from '../../labs/page-answers/page-answers.ts';
import type { FigureStatus } from '../../figures/kit/figure-element.ts';
import type { Progress } from '../../figures/kit/progress.ts';

export interface AskState {
  status: FigureStatus;
  question: string;
  /** Bytes still to fetch. */
  downloadBytes: number;
  progress?: Progress | undefined;
  problem?: { message: string; advice: string; kept?: string } | undefined;
  /** What the question that was asked has found so far. */
  reading?: Reading | undefined;
  /** The question of the reading. */
  asked: string;
  /** Text of the page that the answers' places count in. */
  text: string;
  /** The answer that is shown. */
  at: number;
  /** A sentence about what was wrong with the question; empty for none. */
  remark: string;
  /** The reader stopped before all windows were read. */
  isStopped: boolean;
  /** The browser refused to keep the files. */
  isRefused: boolean;
}

/** The state before anything was asked. */
export function firstAsk(downloadBytes: number): AskState {
  return {
    status: 'idle',
    question: '',
    downloadBytes,
    asked: '',
    text: '',
    at: 0,
    remark: '',
    isStopped: false,
    isRefused: false,
  };
}

/** Whether something is under way that can be called off. */
export function isBusy({ status }: Pick<AskState, 'status'>): boolean {
  return status === 'loading' || status === 'running';
}

/** The number of the answer `step` further, round at the ends. */
export function stepAnswer({ at, reading }: Pick<AskState, 'at' | 'reading'>, step: number): number {
  const count = reading?.answers.length ?? 0;
  return count === 0 ? 0 : (at + step + count) % count;
}
