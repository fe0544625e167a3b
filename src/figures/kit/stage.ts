/** What every figure says where its run is started: a problem and what to do, and a download under way. */
import { select } from 'd3';
import { drawProgress } from './progress.ts';

/** A problem in the reader's words. */
interface StageProblem {
  readonly message: string;
  readonly advice: string;
  /** What was not lost. */
  readonly kept?: string | undefined;
}

/** The part of a figure's state that is drawn. */
export interface StageNews {
  readonly status: string;
  readonly problem?: StageProblem | undefined;
  readonly progress?: Parameters<typeof drawProgress>[1] | undefined;
}

/** Draws the problem first and the progress of a download above the buttons, or takes them away. */
export function drawNews(stage: HTMLElement, { status, problem, progress }: StageNews): void {
  const root = select(stage);
  root
    .selectAll<HTMLElement, StageProblem>('.problem')
    .data(problem ? [problem] : [])
    .join((enter) => {
      const box = enter.insert('div', ':first-child').attr('class', 'problem').attr('role', 'alert');
      const words = box.append('p');
      words.append('b');
      words.append('span');
      return box;
    })
    .call((box) => box.select('b').text((it) => it.message))
    .call((box) => box.select('span').text((it) => ` ${[it.advice, it.kept].filter(Boolean).join(' ')}`));
  root
    .selectAll<HTMLElement, NonNullable<typeof progress>>('.bytes-row')
    .data(status === 'loading' && progress ? [progress] : [])
    .join((enter) => enter.insert('div', '.actions').attr('class', 'bytes-row'))
    .each(function (it) {
      drawProgress(this, it);
    });
}
