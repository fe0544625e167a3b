/** What the lab's stage offers in a state: the buttons, and how far a run is. */
import { t } from '../../site/strings.ts';
import { formatBytes } from '../kit/format.ts';
import type { StageAction } from '../kit/action-row.ts';
import { describeSteps, drawRunStage, runningActions } from '../kit/run-stage.ts';
import { median, type FreezeState } from './model.ts';

/** Draws the buttons that the state allows, the steps of a run, downloads and problems. */
export function drawStage(stage: HTMLElement, state: FreezeState): void {
  const { status, progress, problem, run } = state;
  const notice = [offerOf(state), state.notice].filter(Boolean).join(' ') || undefined;
  const steps = run &&
    status === 'running' && {
      ...{ step: run.step, steps: run.steps },
      text: describeSteps(
        { ...run, stepMs: median(run.stepMs) },
        run.settings.isGradual ? t('freeze.phaseOf', { phase: run.phase + 1 }) : '',
      ),
    };
  drawRunStage(stage, {
    ...{ status, progress, problem, notice },
    actions: actionsOf(state),
    steps: steps || undefined,
  });
}

function actionsOf({
  status,
  run,
  log,
  settings,
  downloadBytes,
  problem,
  coming,
  interrupted,
}: FreezeState): StageAction[] {
  if (status === 'loading') return [{ action: 'cancel', kind: 'btn-quiet', text: t('figure.cancel') }];
  if (status === 'running') return runningActions(run?.isPaused ?? false);
  const text =
    problem && status === 'failed'
      ? t('figure.tryAgain')
      : log.count > 0
        ? t('runs.trainAgain')
        : t('freeze.train');
  const isOff = coming !== undefined;
  const before: StageAction[] = [];
  const after: StageAction[] = [];
  if (interrupted) {
    const words = t('freeze.continue', { step: interrupted.run.step });
    before.push({ action: 'continue', kind: 'btn-primary', icon: 'play', text: words, isOff });
    after.push({ action: 'forget', kind: 'btn-quiet', text: t('freeze.forget') });
  }
  return [
    ...before,
    {
      action: 'run',
      kind: interrupted ? '' : 'btn-primary',
      ...(!interrupted && { icon: 'play' as const }),
      text,
      ...(downloadBytes > 0 && { note: formatBytes(downloadBytes) }),
      isOff: isOff || settings.choice.thawed.size === 0,
    },
    ...after,
  ];
}

/** What can be gone on with, in words. */
function offerOf({ interrupted, status }: FreezeState): string | undefined {
  if (!interrupted || status === 'loading' || status === 'running') return undefined;
  const { run, network } = interrupted;
  const { step, steps } = run;
  return t('freeze.interrupted', { step, steps, network: t(`freeze.network.${network}`) });
}
