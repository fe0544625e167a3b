/** The race's trainings as comma-separated values. */
import { countMacs, countTrained, type RaceNetwork } from '../../labs/data-race/costs.ts';
import type { RaceRun } from '../../labs/data-race/plan.ts';
import { csvText } from '../kit/csv.ts';

/** One row for each training. Milliseconds are empty where they were not measured in this page. */
export function raceCsv(network: RaceNetwork, runs: readonly RaceRun[]): string {
  const headings = [
    'method',
    'examples per class',
    'seed',
    'correct',
    'asked',
    'accuracy',
    'steps',
    'training ms',
    'MACs',
    'trainable parameters',
    'diverged',
  ];
  const rows = runs.map(({ method, size, seed, correct, asked, steps, trainingMs, isDiverged }) => [
    method,
    size,
    seed,
    correct,
    asked,
    correct / asked,
    steps,
    trainingMs === undefined ? '' : Math.round(trainingMs),
    countMacs(network, method, size, steps),
    countTrained(network, method),
    isDiverged ? 'yes' : 'no',
  ]);
  return csvText([headings, ...rows]);
}
