/**
 * Draws the walk's state into its shell. The same function draws the first frame at build time and every frame in the
 * page; drawing the same state twice changes nothing.
 */
import { select } from 'd3';
import { t } from '../../site/strings.ts';
import { drawDataTable } from '../kit/data-table.ts';
import { formatCount, formatShort } from '../kit/format.ts';
import { setText, whenChanged } from '../kit/join.ts';
import { drawStatusLine } from '../kit/status-line.ts';
import { stepAt, tableSteps, type Offer, type ShapeWalk, type WalkState, type WalkStep } from './model.ts';
import { drawPath } from './view-path.ts';
import { drawRule, drawStep } from './view-step.ts';
import { sayInputs, sayNumbers, sayRule, saySizes } from './words.ts';

/** Draws everything below the figure's head into `root`, which holds the walk's shell. */
export function drawWalk(root: HTMLElement, state: WalkState): void {
  const part = <E extends Element = HTMLElement>(name: string): E => {
    const element = root.querySelector<E>(`[data-part="${name}"]`);
    if (!element) throw new Error(`The shell of a shape walk has no part "${name}".`);
    return element;
  };
  const { walk, at } = state;
  drawOffers(part('networks'), state);
  drawStage(part('stage'), state);
  drawGroups(part('groups'), state);
  drawPath(part<SVGSVGElement>('path'), state);
  drawControls(part, state);
  drawStep(part('step'), state);
  drawRule(part('rule'), walk, stepAt(state));
  drawLine(part('line'), state);
  const table = part('table');
  const steps = tableSteps(state);
  whenChanged(table, [walk.id, walk.steps.length, steps.length].join(' '), () =>
    drawTable(table, walk, steps),
  );
  // No row is redrawn when the reader walks on
  const rows = table.querySelectorAll('tbody tr');
  table.querySelector('tr.now')?.removeAttribute('class');
  rows[at]?.setAttribute('class', 'now');
}

function drawOffers(list: HTMLElement, { walk, offers }: WalkState): void {
  const own = offers.some(({ id }) => id === walk.id) ? [] : [{ id: '', title: walk.title }];
  select(list)
    .selectAll<HTMLOptionElement, Offer>('option')
    .data([...offers, ...own])
    .join('option')
    .attr('value', ({ id }) => id)
    .attr('selected', ({ id }) => (id === walk.id || id === '' ? '' : null))
    .text(({ title }) => title);
}

function drawStage(stage: HTMLElement, { problem, status }: WalkState): void {
  const root = select(stage);
  root
    .selectAll<HTMLElement, NonNullable<typeof problem>>('.problem')
    .data(problem ? [problem] : [])
    .join((enter) => {
      const box = enter.append('div').attr('class', 'fig-row problem').attr('role', 'alert');
      const words = box.append('p');
      words.append('b');
      words.append('span');
      return box;
    })
    .call((box) => box.select('b').text(({ message }) => message))
    .call((box) => box.select('span').text(({ advice }) => ` ${advice}`));
  root
    .selectAll<HTMLElement, string>('p.doing')
    .data(status === 'loading' ? [t('walk.opening')] : [])
    .join('p')
    .attr('class', 'doing small')
    .text((text) => text);
}

function drawGroups(list: HTMLElement, { walk, at }: WalkState): void {
  const current = walk.steps[at].group;
  select(list)
    .selectAll<HTMLButtonElement, ShapeWalk['groups'][number]>('button')
    .data(walk.groups)
    .join('button')
    .attr('type', 'button')
    .attr('class', 'btn')
    .attr('data-group', (_, index) => index)
    .attr('aria-current', (_, index) => (index === current ? 'step' : null))
    .text(({ label }) => label);
}

function drawControls(part: (name: string) => HTMLElement, state: WalkState): void {
  const { walk, at, isPlaying, hasMoved } = state;
  const count = walk.steps.length;
  const slider = part('slider') as HTMLInputElement;
  slider.setAttribute('max', String(count));
  slider.setAttribute('value', String(at + 1));
  if (slider.value !== String(at + 1)) slider.value = String(at + 1);
  slider.setAttribute('aria-valuetext', `${at + 1}: ${walk.steps[at].id}`);
  slider.style.setProperty('--at', `${count > 1 ? Math.round((1000 * at) / (count - 1)) / 10 : 0}%`);
  setText(part('place'), t('walk.place', { at: formatCount(at + 1), count: formatCount(count) }));
  part('previous').toggleAttribute('disabled', at === 0);
  part('next').toggleAttribute('disabled', at === count - 1);
  setText(part('play').querySelector('span'), t(isPlaying ? 'walk.pause' : 'walk.play'));
  part('step').classList.toggle('moves', hasMoved);
}

function drawLine(line: HTMLElement, { status, walk, offers }: WalkState): void {
  const { parameters, macs } = walk;
  drawStatusLine(line, {
    status,
    word: status === 'ready' ? t('walk.line.word') : t(`figure.status.${status}`),
    facts: [
      t('walk.line.total', {
        steps: formatCount(walk.steps.length),
        weights: formatCount(parameters),
        macs: formatShort(macs),
      }),
      offers.some(({ id }) => id === walk.id) ? '' : t('walk.line.local'),
    ],
    aside: t('walk.line.keys'),
  });
}

function drawTable(table: HTMLElement, walk: ShapeWalk, steps: readonly WalkStep[]): void {
  const caption =
    table.querySelector('caption') ??
    table.insertBefore(table.ownerDocument.createElement('caption'), table.firstChild);
  setText(caption, t('walk.table'));
  drawDataTable<WalkStep>(
    table,
    [
      { heading: t('walk.table.name'), text: ({ id }) => id },
      { heading: t('walk.table.op'), text: ({ op }) => op },
      { heading: t('walk.table.from'), isNumber: true, text: (step) => sayInputs(walk, step) },
      {
        heading: t('walk.table.rule'),
        text: (step) => (step.rule === 'runtime' ? sayRule(walk, step) : sayNumbers(step)),
      },
      {
        heading: t('walk.table.to'),
        isNumber: true,
        text: ({ outputs }) => saySizes(walk, outputs[0]?.shape),
      },
      { heading: t('walk.table.weights'), isNumber: true, text: (step) => formatCount(step.parameters) },
      { heading: t('walk.table.macs'), isNumber: true, text: (step) => formatCount(step.macs) },
    ],
    steps,
  );
}
