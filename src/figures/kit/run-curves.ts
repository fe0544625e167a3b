/** From runs to what run-chart.ts draws: losses and accuracies by step, with their last values in words. */
import { scaleLinear } from 'd3';
import { t } from '../../site/strings.ts';
import { formatPercent, formatValue } from './format.ts';
import type { ChartLine, Point, RunChart } from './run-chart.ts';

/** A run's curves. */
export interface RunCurve {
  letter: string;
  isNow: boolean;
  /** Loss of each step's batch, in nats. */
  losses: readonly number[];
  /** Share right of the held-out examples, 0..1, by steps taken. */
  accuracies: readonly { readonly step: number; readonly accuracy: { readonly share: number } }[];
}

/** The chart of losses; one step that shot up above `most` must not flatten all others. `label` makes words of the runs' own. */
export function lossChart(
  curves: readonly RunCurve[],
  most: number,
  label: (runs: string) => string,
): RunChart {
  const lines = curves.map(({ letter, isNow, losses }) => ({
    name: letter,
    isNow,
    points: losses.flatMap((loss, at): Point[] => (Number.isFinite(loss) ? [[at + 1, loss]] : [])),
  }));
  const highest = Math.max(1, ...lines.flatMap(({ points }) => points.map(([, loss]) => loss)));
  const top = Math.min(highest, most);
  const scale = scaleLinear().domain([0, top]).nice(4);
  return {
    lines,
    most: scale.domain()[1] ?? top,
    ticks: scale.ticks(4),
    format: (value) => String(value),
    hasDots: false,
    label: label(describe(lines, formatValue)),
  };
}

/** The chart of accuracies, with the level that guessing reaches. `label` makes words of the runs' own. */
export function accuracyChart(
  curves: readonly RunCurve[],
  level: { value: number; name: string },
  label: (runs: string) => string,
): RunChart {
  const lines = curves.map(({ letter, isNow, accuracies }) => ({
    name: letter,
    isNow,
    points: accuracies.map(({ step, accuracy }): Point => [step, accuracy.share]),
  }));
  const format = (value: number) => formatPercent(value, 0);
  return {
    ...{ lines, most: 1, ticks: [0, 0.25, 0.5, 0.75, 1], format, hasDots: true, level },
    label: label(describe(lines, format)),
  };
}

function describe(lines: readonly ChartLine[], format: (value: number) => string): string {
  return lines
    .flatMap(({ name, points }) => {
      const last = points.at(-1);
      return last ? [t('runs.chartRun', { letter: name || t('runs.now'), value: format(last[1]) })] : [];
    })
    .join(' ');
}
