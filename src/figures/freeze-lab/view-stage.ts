/** The one place where a run is started, followed, paused, stepped and called off, and where a problem is told. */
import { select } from 'd3';
import { t } from '../../site/strings.ts';
import { formatBytes } from '../kit/format.ts';
import { iconMarkup, type IconName } from '../kit/icons.ts';
import { keyed, setText } from '../kit/join.ts';
import { drawNews } from '../kit/stage.ts';
import { median, type FreezeState, type RunNow } from './model.ts';

interface Action {
  action: 'run' | 'pause' | 'resume' | 'step' | 'cancel';
  kind: string;
  icon?: IconName;
  text: string;
  note?: string;
  isOff?: boolean;
}

/** Draws the buttons that the state allows, the steps of a run, downloads and problems. */
export function drawStage(stage: HTMLElement, state: FreezeState): void {
  const { status, progress, problem, notice, run } = state;
  const root = select(stage).attr('class', `stage ${status}`);
  drawNews(stage, { status, problem, progress });
  drawActions(stage, actionsOf(state));
  root
    .selectAll<HTMLElement, RunNow>('.freeze-steps')
    .data(run && status === 'running' ? [run] : [])
    .join((enter) => {
      const row = enter.append('div').attr('class', 'freeze-steps');
      row.append('progress').attr('class', 'bytes').attr('aria-label', t('freeze.progress'));
      row.append('span');
      return row;
    })
    .each(function (now) {
      drawSteps(this, now);
    });
  root
    .selectAll<HTMLElement, string>('.notice')
    .data(notice ? [notice] : [])
    .join('p')
    .attr('class', 'notice small')
    .text((text) => text);
}

function drawSteps(row: HTMLElement, { step, steps, stepMs, phase, settings, isPaused }: RunNow): void {
  const bar = row.querySelector('progress');
  bar?.setAttribute('max', String(Math.max(1, steps)));
  bar?.setAttribute('value', String(step));
  const secondsLeft = Math.ceil(((steps - step) * median(stepMs)) / 1000);
  setText(
    row.querySelector('span'),
    stepMs.length === 0
      ? t('freeze.preparing')
      : [
          t('freeze.stepOf', { step, steps }),
          settings.isGradual ? t('freeze.phaseOf', { phase: phase + 1 }) : '',
          isPaused ? t('freeze.paused') : t('freeze.left', { seconds: Math.max(1, secondsLeft) }),
        ]
          .filter(Boolean)
          .join(', ') + (isPaused ? '' : `. ${t('freeze.hidden')}`),
  );
}

function actionsOf({ status, run, log, settings, downloadBytes, problem }: FreezeState): Action[] {
  if (status === 'loading') return [{ action: 'cancel', kind: 'btn-quiet', text: t('figure.cancel') }];
  if (status === 'running') {
    const cancel: Action = { action: 'cancel', kind: 'btn-quiet', text: t('figure.cancel') };
    return run?.isPaused
      ? [
          { action: 'resume', kind: 'btn-primary', icon: 'play', text: t('freeze.resume') },
          { action: 'step', kind: '', text: t('freeze.step') },
          cancel,
        ]
      : [{ action: 'pause', kind: 'btn-primary', icon: 'stop', text: t('freeze.pause') }, cancel];
  }
  const text =
    problem && status === 'failed'
      ? t('figure.tryAgain')
      : log.count > 0
        ? t('freeze.trainAgain')
        : t('freeze.train');
  return [
    {
      action: 'run',
      kind: 'btn-primary',
      icon: 'play',
      text,
      ...(downloadBytes > 0 && { note: formatBytes(downloadBytes) }),
      isOff: settings.choice.thawed.size === 0,
    },
  ];
}

function drawActions(stage: HTMLElement, actions: Action[]): void {
  const row = select(stage)
    .selectAll<HTMLElement, number>('.actions')
    .data([0])
    .join((enter) => enter.append('p').attr('class', 'actions'));
  const buttons = row
    .selectAll<HTMLButtonElement, Action>('button')
    .data(
      actions,
      keyed(({ action }) => action),
    )
    .join((enter) => {
      const button = enter.append('button').attr('type', 'button');
      button.append('span').attr('class', 'i');
      button.append('span').attr('class', 'w');
      button.append('small');
      return button;
    })
    .order()
    .attr('data-key', ({ action }) => action)
    .attr('data-action', ({ action }) => action)
    .attr('class', ({ kind }) => `btn ${kind}`.trim())
    .attr('disabled', ({ isOff }) => (isOff ? '' : null));
  buttons.each(function ({ icon, text, note }) {
    const place = this.querySelector('.i');
    const markup = icon ? iconMarkup(icon) : '';
    if (place && place.getAttribute('data-icon') !== (icon ?? '')) {
      place.innerHTML = markup;
      place.setAttribute('data-icon', icon ?? '');
    }
    setText(this.querySelector('.w'), text);
    setText(this.querySelector('small'), note ?? '');
  });
}
