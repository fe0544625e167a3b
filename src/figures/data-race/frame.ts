/** The race's first frame: results of the same lab, made by `npm run frames`. */
import type { RaceNetwork } from '../../labs/data-race/costs.ts';
import { entryKey, listEntries, type RaceChoice, type RaceRun } from '../../labs/data-race/plan.ts';

export interface RaceFrame {
  /** Command that made it. */
  madeBy: string;
  /** sha256 of the network's weights. */
  weights: string;
  network: RaceNetwork;
  choice: RaceChoice;
  /** Questions of every training, and how many steps each took, by size. */
  asked: number;
  steps: Readonly<Record<string, number>>;
  /** Questions answered right, by `entryKey`. No training diverged. */
  correct: Readonly<Record<string, number>>;
}

/** The frame's trainings. */
export function frameRuns({ choice, asked, steps, correct }: RaceFrame): RaceRun[] {
  return listEntries(choice)
    .filter((entry) => entryKey(entry) in correct)
    .map((entry) => ({
      ...entry,
      correct: correct[entryKey(entry)],
      asked,
      steps: steps[entry.size],
      isDiverged: false,
    }));
}

/** The frame that some trainings make. Throws an Error for a race that no frame should show. */
export function packFrame(
  weights: string,
  network: RaceNetwork,
  choice: RaceChoice,
  runs: readonly RaceRun[],
): RaceFrame {
  const [{ asked }] = runs;
  if (runs.some((run) => run.isDiverged || run.asked !== asked))
    throw new Error('A training of the first frame diverged or was asked other questions.');
  return {
    madeBy: 'npm run frames',
    weights,
    network,
    choice,
    asked,
    steps: Object.fromEntries(runs.map(({ size, steps }) => [size, steps])),
    correct: Object.fromEntries(runs.map((run) => [entryKey(run), run.correct])),
  };
}
