/** What a run gives: curves, errors at a threshold, calibration, and the finding in sentences. */
import { select } from 'd3';
import { headingsOf } from '../kit/head-row.ts';
import { t } from '../../site/strings.ts';
import { formatPercent, formatValue } from '../kit/format.ts';
import { setText } from '../kit/join.ts';
import { drawRunChart } from '../kit/run-chart.ts';
import { accuracyChart, lossChart } from '../kit/run-curves.ts';
import { curvesOf, judged, type SentimentState } from './model.ts';
import { drawCalibration } from './view-calibration.ts';

/** Draws everything but the sentence and the log. */
export function drawResults(root: HTMLElement, state: SentimentState): void {
  const curves = curvesOf(state);
  const chart = (name: string) => root.querySelector<SVGSVGElement>(`svg[data-part="${name}"]`);
  const text = (name: string, words: string) => setText(root.querySelector(`[data-part="${name}"]`), words);
  const [loss, accuracy, calibration] = [chart('loss'), chart('accuracy'), chart('calibration')];
  if (loss)
    drawRunChart(
      loss,
      lossChart(curves, 3, (runs) => t('sentiment.lossChart', { runs })),
    );
  const guessing = { value: 0.5, name: t('sentiment.guessing') };
  if (accuracy)
    drawRunChart(
      accuracy,
      accuracyChart(curves, guessing, (runs) => t('sentiment.accuracyChart', { runs })),
    );
  const asked = curves.findLast((curve) => curve.isNow)?.accuracies.at(-1)?.accuracy.asked;
  text('asked', asked === undefined ? '' : t('sentiment.accuracyMore', { count: asked }));
  text('said', resultOf(state));
  const facts = judged(state);
  for (const panel of root.querySelectorAll<HTMLElement>('[data-judged]'))
    panel.toggleAttribute('hidden', facts === undefined);
  if (!facts) return;
  const letter = state.run?.letter ?? '';
  text('errors-of', t('sentiment.errors', { letter }));
  text('own-of', t('sentiment.ownMore', { letter }));
  drawErrors(root, state, facts.confusion);
  const error = formatValue(facts.error);
  text('ece', t('sentiment.calibrationMore', { error }));
  if (calibration) drawCalibration(calibration, facts.bins, error);
}

type Facts = NonNullable<ReturnType<typeof judged>>;

function drawErrors(root: HTMLElement, { threshold }: SentimentState, confusion: Facts['confusion']): void {
  const table = select(root.querySelector<HTMLElement>('[data-part="errors"]'));
  headingsOf(table, [t('sentiment.is'), t('sentiment.said.0'), t('sentiment.said.1')])
    .attr('class', (_, at) => (at === 0 ? null : 'num'))
    .text((words) => words);
  const rows = table
    .selectAll<HTMLElement, number>('tbody')
    .data([0])
    .join('tbody')
    .selectAll<HTMLTableRowElement, 0 | 1>('tr')
    .data([0, 1] as const)
    .join((enter) => {
      const row = enter.append('tr');
      row.append('th').attr('scope', 'row');
      return row;
    });
  rows.select('th').text((label) => t(`sentiment.label.${label}`));
  rows
    .selectAll<HTMLElement, { count: number; isRight: boolean }>('td')
    .data((label) => confusion.counts[label].map((count, said) => ({ count, isRight: said === label })))
    .join('td')
    .attr('class', ({ isRight }) => (isRight ? 'num right' : 'num'))
    .text(({ count }) => String(count));
  const share = (value: number | undefined) => (value === undefined ? '–' : formatPercent(value, 0));
  const { accuracy, recall, precision } = confusion;
  setText(
    root.querySelector('[data-part="rates"]'),
    t('sentiment.rates', {
      share: share(accuracy.share),
      recall: share(recall),
      precision: share(precision),
    }),
  );
  const slider = root.querySelector<HTMLInputElement>('[data-part="threshold"]');
  const value = String(Math.round(threshold * 100));
  if (slider && slider.value !== value) slider.value = value;
  slider?.style.setProperty('--at', `${value}%`);
  slider?.setAttribute('aria-valuetext', formatPercent(threshold, 0));
  setText(root.querySelector('[data-part="threshold-value"]'), formatPercent(threshold, 0));
}

function resultOf({ run, log }: SentimentState): string {
  const logged = log.runs.find(({ letter }) => letter === run?.letter);
  const last = logged?.result.accuracies.at(-1)?.accuracy;
  if (!logged || !last) return '';
  const share = (value: number) => formatPercent(value, 0);
  const words = t('sentiment.result', {
    ...{ letter: logged.letter, right: last.correct, asked: last.asked },
    ...{ share: share(last.share), low: share(last.low), high: share(last.high) },
    loss: formatValue(logged.result.losses.at(-1) ?? 0),
  });
  const isGuess = last.low <= 0.5 && last.high >= 0.5;
  return isGuess ? `${words} ${t('sentiment.resultGuess', { guess: share(0.5) })}` : words;
}
