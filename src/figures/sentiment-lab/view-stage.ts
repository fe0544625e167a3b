/** What the stage offers in a state: the buttons, and how far a run or the matrix is. */
import { t } from '../../site/strings.ts';
import type { StageAction } from '../kit/action-row.ts';
import { formatBytes } from '../kit/format.ts';
import { describeSteps, drawRunStage, runningActions, type StageSteps } from '../kit/run-stage.ts';
import { choosable, median, type SentimentState } from './model.ts';
import { subjectWord } from './view-matrix.ts';

/** Draws the buttons that the state allows, the steps of a run, downloads and problems. */
export function drawStage(stage: HTMLElement, state: SentimentState): void {
  const { status, progress, problem, notice } = state;
  drawRunStage(stage, {
    ...{ status, progress, problem, notice },
    actions: actionsOf(state),
    steps: stepsOf(state),
  });
}

function stepsOf({ status, run, filling }: SentimentState): StageSteps | undefined {
  if (status !== 'running') return undefined;
  if (filling) {
    const { row, step, steps } = filling;
    const text = t('sentiment.filling', {
      row: subjectWord(row),
      steps: steps === 0 ? t('runs.preparing') : t('runs.stepOf', { step, steps }),
    });
    return { step, steps, text };
  }
  return (
    run && { step: run.step, steps: run.steps, text: describeSteps({ ...run, stepMs: median(run.stepMs) }) }
  );
}

function actionsOf(state: SentimentState): StageAction[] {
  const { status, run, filling, log, downloadBytes, problem } = state;
  const cancel: StageAction = { action: 'cancel', kind: 'btn-quiet', text: t('figure.cancel') };
  if (status === 'loading' || (status === 'running' && filling)) return [cancel];
  if (status === 'running') return runningActions(run?.isPaused ?? false);
  const isAgain = problem && status === 'failed';
  const text = isAgain ? t('figure.tryAgain') : log.count > 0 ? t('runs.trainAgain') : t('sentiment.train');
  return [
    {
      ...{ action: 'run', kind: 'btn-primary', icon: 'play', text },
      ...(downloadBytes > 0 && { note: formatBytes(downloadBytes) }),
    },
    {
      ...{ action: 'fill', kind: '', text: t('sentiment.fill') },
      note: t('sentiment.fillNote', { count: choosable(state).length }),
    },
  ];
}
