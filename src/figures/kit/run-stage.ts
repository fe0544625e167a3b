/** Where a run is started, followed, paused, stepped and called off, and where a problem is told: the same in every lab that trains. */
import { select } from 'd3';
import { t } from '../../site/strings.ts';
import { drawActions, type StageAction } from './action-row.ts';
import { setText } from './join.ts';
import { drawNews, type StageNews } from './stage.ts';

/** A run under way. */
export interface StageSteps {
  step: number;
  steps: number;
  /** What is happening, in words. */
  text: string;
}

export interface RunStage extends StageNews {
  actions: readonly StageAction[];
  steps?: StageSteps | undefined;
  notice?: string | undefined;
}

/** Draws the buttons that the state allows, the steps of a run, downloads and problems. */
export function drawRunStage(stage: HTMLElement, { actions, steps, notice, ...news }: RunStage): void {
  const root = select(stage).attr('class', `stage ${news.status}`);
  drawNews(stage, news);
  drawActions(stage, actions);
  root
    .selectAll<HTMLElement, StageSteps>('.run-steps')
    .data(steps ? [steps] : [])
    .join((enter) => {
      const row = enter.append('div').attr('class', 'run-steps');
      row.append('progress').attr('class', 'bytes').attr('aria-label', t('runs.progress'));
      row.append('span');
      return row;
    })
    .each(function (now) {
      const bar = this.querySelector('progress');
      bar?.setAttribute('max', String(Math.max(1, now.steps)));
      bar?.setAttribute('value', String(now.step));
      setText(this.querySelector('span'), now.text);
    });
  root
    .selectAll<HTMLElement, string>('.notice')
    .data(notice ? [notice] : [])
    .join('p')
    .attr('class', 'notice small')
    .text((text) => text);
}

/** The buttons of a run under way. */
export function runningActions(isPaused: boolean): StageAction[] {
  const cancel: StageAction = { action: 'cancel', kind: 'btn-quiet', text: t('figure.cancel') };
  return isPaused
    ? [
        { action: 'resume', kind: 'btn-primary', icon: 'play', text: t('runs.resume') },
        { action: 'step', kind: '', text: t('runs.step') },
        cancel,
      ]
    : [{ action: 'pause', kind: 'btn-primary', icon: 'stop', text: t('runs.pause') }, cancel];
}

/** How far a run is, in words; `more` is what else there is to say. */
export function describeSteps(
  { step, steps, stepMs, isPaused }: { step: number; steps: number; stepMs: number; isPaused: boolean },
  more = '',
): string {
  if (stepMs === 0) return t('runs.preparing');
  const secondsLeft = Math.max(1, Math.ceil(((steps - step) * stepMs) / 1000));
  // the first step makes everything ready and says little about those to come
  const rest = step > 1 ? t('runs.left', { seconds: secondsLeft }) : '';
  const left = isPaused ? t('runs.paused') : rest;
  const words = [t('runs.stepOf', { step, steps }), more, left].filter(Boolean).join(', ');
  return isPaused ? words : `${words}. ${t('runs.hidden')}`;
}
