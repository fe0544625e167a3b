/** What a run gives: curves of loss and accuracy, and what was found, in sentences. */
import { select } from 'd3';
import { t } from '../../site/strings.ts';
import { formatCount, formatPercent } from '../kit/format.ts';
import { setText } from '../kit/join.ts';
import { drawRunChart } from '../kit/run-chart.ts';
import { accuracyChart, lossChart } from '../kit/run-curves.ts';
import { curvesOf, proofOf, type FreezeState } from './model.ts';

/** Draws both charts and the sentences. */
export function drawResults(root: HTMLElement, state: FreezeState): void {
  const curves = curvesOf(state);
  const chart = (name: string) => root.querySelector<SVGSVGElement>(`svg[data-part="${name}"]`);
  const loss = chart('loss');
  const accuracy = chart('accuracy');
  if (loss)
    drawRunChart(
      loss,
      lossChart(curves, 6, (runs) => t('freeze.lossChart', { runs })),
    );
  const { reads, ways } = state.network;
  const guessing = { value: 1 / ways, name: t('freeze.guessing') };
  if (accuracy)
    drawRunChart(
      accuracy,
      accuracyChart(curves, guessing, (runs) => t(`freeze.accuracyChart.${reads}`, { runs })),
    );
  const asked = curves.findLast((curve) => curve.isNow)?.accuracies.at(-1)?.accuracy.asked;
  setText(
    root.querySelector('[data-part="asked"]'),
    asked === undefined ? '' : t(`freeze.accuracyMore.${reads}`, { count: asked }),
  );
  select(root)
    .select<HTMLElement>('[data-part="said"]')
    .selectAll<HTMLElement, string>('p')
    .data(sentencesOf(state))
    .join('p')
    .text((text) => text);
}

function sentencesOf(state: FreezeState): string[] {
  const { run, classes, network } = state;
  if (!run) return [];
  const last = run.accuracies.at(-1)?.accuracy;
  const proof = proofOf(state);
  const share = (value: number) => formatPercent(value, 0);
  return [
    last
      ? t(`freeze.result.${network.reads}`, {
          guess: share(1 / network.ways),
          right: last.correct,
          asked: last.asked,
          share: share(last.share),
          low: share(last.low),
          high: share(last.high),
        })
      : '',
    proof && proof.frozenBlocks > 0
      ? t('freeze.proof', {
          blocks: proof.frozenBlocks,
          weights: formatCount(proof.frozenWeights),
          moved: formatCount(proof.moved),
        })
      : '',
    proof && proof.frozenBlocks === 0 ? t('freeze.proofAll') : '',
    proof && proof.leaking > 0 ? t('freeze.leak', { blocks: proof.leaking }) : '',
    classes.length > 0 ? t('freeze.classes', { names: classes.join(', ') }) : '',
  ].filter(Boolean);
}
