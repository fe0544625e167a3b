/** Draws the figure's state: what to bring, then the network, its inputs and what came out. Drawing twice changes nothing. */
import { select } from 'd3';
import { t } from '../../site/strings.ts';
import { formatBytes, formatCount, formatMilliseconds, formatPercent } from '../kit/format.ts';
import { changesIn, setText } from '../kit/join.ts';
import { drawProgress } from '../kit/progress.ts';
import { drawStatusLine } from '../kit/status-line.ts';
import { boxOf, markOf, type AtlasState } from '../model-atlas/model.ts';
import { drawAtlas } from '../model-atlas/view.ts';
import { drawTensors } from '../model-atlas/view-look.ts';
import { countTraining, type OwnState, type Problem } from './model.ts';
import { openedShell } from './shell.ts';
import { drawInputs } from './view-inputs.ts';

/** Draws everything below the figure's head into `root`, which holds the figure's shell. */
export function drawOwn(root: HTMLElement, state: OwnState): void {
  const part = (name: string): HTMLElement => {
    const element = root.querySelector<HTMLElement>(`[data-part="${name}"]`);
    if (!element) throw new Error(`The shell of a reader's network has no part "${name}".`);
    return element;
  };
  const { status, file, atlas, doing } = state;
  const opened = part('opened');
  const changes = changesIn(root, state);
  // A drag or a glance into the drawing concerns nothing else
  const isDrawingOnly = changes?.size === 1 && changes.has('atlas');
  if (isDrawingOnly && file && atlas && opened.childElementCount > 0) {
    drawAtlas(opened, atlas);
    drawTraining(part('count'), part('train'), atlas);
    return;
  }
  part('start').classList.toggle('is-small', file !== undefined);
  drawStage(part('stage'), state, file === undefined || doing === 'opening');
  const line = part('own-line');
  line.toggleAttribute('hidden', file !== undefined);
  drawStatusLine(line, {
    status,
    word: status === 'idle' ? t('own.line.empty') : t(`figure.status.${status}`),
    facts: [t('own.line.local')],
  });
  opened.toggleAttribute('hidden', !file);
  if (!file) return;
  if (opened.childElementCount === 0)
    opened.innerHTML = openedShell(`${root.closest('figure')?.id ?? 'own'}-atlas`);
  drawFacts(part('facts'), file);
  if (atlas) {
    drawAtlas(opened, atlas);
    drawTraining(part('count'), part('train'), atlas);
  }
  drawInputs(root, state);
  drawStage(part('run-stage'), state, doing !== 'opening');
  drawResults(part, state);
}

/** A problem or a bar of progress, at the place where the work was asked for. */
function drawStage(stage: HTMLElement, { problem, progress, doing }: OwnState, isHere: boolean): void {
  const root = select(stage);
  root
    .selectAll<HTMLElement, Problem>('.problem')
    .data(problem && isHere ? [problem] : [])
    .join((enter) => {
      const box = enter.append('div').attr('class', 'problem').attr('role', 'alert');
      const words = box.append('p');
      words.append('b');
      words.append('span');
      const details = box.append('details').attr('class', 'problem-details');
      details.append('summary').text(t('figure.details'));
      details.append('pre').attr('tabindex', '0');
      return box;
    })
    .call((box) => box.select('b').text(({ message }) => message))
    .call((box) => box.select('p span').text(({ advice }) => ` ${advice}`))
    .call((box) => box.select('details').attr('hidden', ({ details }) => (details ? null : '')))
    .call((box) => box.select('pre').text(({ details }) => details));
  root
    .selectAll<HTMLElement, NonNullable<typeof progress>>('.bytes-row')
    .data(doing === 'fetching' && progress && isHere ? [progress] : [])
    .join((enter) => enter.append('div').attr('class', 'bytes-row'))
    .each(function (it) {
      drawProgress(this, it);
    });
  root
    .selectAll<HTMLElement, string>('p.doing')
    .data(doing && doing !== 'fetching' && isHere ? [t(`own.doing.${doing}`)] : [])
    .join('p')
    .attr('class', 'doing small')
    .text((text) => text);
}

function drawFacts(box: HTMLElement, { name, opened }: NonNullable<OwnState['file']>): void {
  const { network, producer, opset, problems, unknownOperators, missingFiles } = opened;
  const lines = [
    t('own.facts', {
      name,
      size: formatBytes(network.fileBytes),
      operators: formatCount(network.boxes.filter(({ op }) => op !== undefined).length),
      weights: formatCount(network.parameters),
    }),
    [producer && t('own.producer', { producer }), opset !== undefined && t('own.opset', { opset })]
      .filter(Boolean)
      .join(' '),
    ...missingFiles.slice(0, 4).map((file) => t('own.missing', { file })),
    unknownOperators.length > 0 ? t('own.unknown', { list: unknownOperators.slice(0, 8).join(', ') }) : '',
    ...problems,
  ];
  select(box)
    .selectAll<HTMLElement, string>('p')
    .data(lines.filter(Boolean))
    .join('p')
    .attr('class', (_, index) => (index === 0 ? 'panel-title' : 'small'))
    .text((line) => line);
}

function drawTraining(count: HTMLElement, buttons: HTMLElement, atlas: AtlasState): void {
  if (!atlas.trainable) return;
  const { network, trainable: chosen, box: id } = atlas;
  if (changesIn(count, { network, chosen, id })?.size === 0) return;
  const { trainable, frozen, operators, lowest } = countTraining(atlas.network, atlas.trainable);
  const whole = trainable + frozen;
  setText(
    count,
    lowest
      ? t('own.count', {
          trainable: formatCount(trainable),
          whole: formatCount(whole),
          share: formatPercent(whole === 0 ? 0 : trainable / whole),
          operators: formatCount(operators),
          lowest: lowest.node ?? lowest.label,
        })
      : t('own.count.none', { whole: formatCount(whole) }),
  );
  const box = boxOf(atlas.network, atlas.box);
  const mark = markOf(atlas, box);
  const button = buttons.querySelector<HTMLButtonElement>('[data-train="box"]');
  setText(button, t(mark === 'trainable' ? 'own.train.freeze' : 'own.train.box.named', { name: box.label }));
  button?.toggleAttribute('disabled', mark === undefined);
}

function drawResults(part: (name: string) => HTMLElement, state: OwnState): void {
  const { run, checked, doing } = state;
  const results = part('results');
  select(results)
    .selectAll<HTMLElement, string>('p.own-time')
    .data(
      run
        ? [
            t('own.time', {
              time: formatMilliseconds(run.elapsedMs),
              runs: formatCount(run.timedRuns),
              session: formatMilliseconds(run.sessionMs),
              threads:
                run.threads === 1
                  ? t('backend.thread', { backend: t('backend.wasm') })
                  : t('backend.threads', { backend: t('backend.wasm'), count: run.threads }),
            }),
          ]
        : [],
    )
    .join((enter) => enter.insert('p', ':first-child'))
    .attr('class', 'own-time')
    .text((text) => text);
  drawTensors(
    results,
    (run?.outputs ?? []).map((tensor) => ({ title: t('own.output'), tensor })),
  );
  const isBusy = doing !== undefined;
  const button = (action: string) =>
    results.parentElement?.querySelector<HTMLElement>(`[data-action="${action}"]`);
  button('run')?.toggleAttribute('disabled', isBusy);
  setText(button('run')?.querySelector('span') ?? null, t(run ? 'figure.runAgain' : 'figure.run'));
  setText(
    button('run')?.querySelector('small') ?? null,
    run ? '' : t('own.runtime', { size: state.runtimeSize }),
  );
  button('cancel')?.toggleAttribute('hidden', !isBusy);
  button('check')?.toggleAttribute('hidden', !run || isBusy);
  setText(part('checked'), checked ? sayChecked(checked) : '');
}

/** Whether all values of a run are numbers, and if not, where that begins. */
export function sayChecked(checked: NonNullable<OwnState['checked']>): string {
  const wrong = checked.filter(({ notNumbers, infinite }) => notNumbers + infinite > 0);
  const [first] = wrong;
  if (!first) return t('own.checked.sound', { count: formatCount(checked.length) });
  return t('own.checked.wrong', {
    count: formatCount(wrong.length),
    of: formatCount(checked.length),
    first: first.name,
    nan: formatCount(first.notNumbers),
    infinite: formatCount(first.infinite),
  });
}
