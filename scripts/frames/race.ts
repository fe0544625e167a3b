/** The first frame of the data race. Making it takes minutes; the check repeats the trainings of one seed that are short. */
import { isDeepStrictEqual } from 'node:util';
import { packFrame, type RaceFrame } from '../../src/figures/data-race/frame.ts';
import { describeRaceNetwork } from '../../src/labs/data-race/network.ts';
import {
  entryKey,
  firstChoice,
  listEntries,
  type RaceEntry,
  type RaceRun,
} from '../../src/labs/data-race/plan.ts';
import { runRace } from '../../src/labs/data-race/race.ts';
import { categoriesOf } from '../../src/labs/few-shot/drawings.ts';
import { readNetwork, readSheet } from './drawings.ts';
import type { FrameMaker } from './frame-maker.ts';

const modelId = 'resnet-mixed';

/** Answers that may differ: forty steps carry a processor's last digits on to drawings that lie between two classes. */
const tolerance = 6;

export const raceFrame: FrameMaker = {
  target: 'src/figures/data-race/frame.json',
  async make() {
    const { network, runs, sha256 } = await race(listEntries(firstChoice));
    return packFrame(sha256, network, firstChoice, runs);
  },
  async isCurrent(committed) {
    const frame = committed as RaceFrame;
    const isShort = ({ method, size }: RaceEntry) => method === 'feature-extractor' || size === 1;
    const { network, runs, sha256 } = await race(listEntries({ ...firstChoice, seeds: 1 }).filter(isShort));
    return (
      frame.weights === sha256 &&
      isDeepStrictEqual(frame.network, network) &&
      isDeepStrictEqual(frame.choice, firstChoice) &&
      runs.every(
        (run) =>
          run.asked === frame.asked &&
          run.steps === frame.steps[run.size] &&
          Math.abs(run.correct - frame.correct[entryKey(run)]) <= tolerance,
      )
    );
  },
};

async function race(entries: readonly RaceEntry[]) {
  const [sheet, { file, sha256, runtime }] = [await readSheet(), await readNetwork(modelId)];
  const network = describeRaceNetwork(file, modelId, categoriesOf(sheet.index).length);
  const model = await runtime.load(modelId);
  const runs: RaceRun[] = [];
  for await (const event of runRace({ model, network, sheet, entries })) {
    if (event.kind !== 'run') continue;
    runs.push(event.run);
  }
  return { network, runs, sha256 };
}
