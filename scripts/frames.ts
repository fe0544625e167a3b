/**
 * Computes the first frames of the figures, with the lab code that runs in the page, and writes them beside the
 * figures: `npm run frames`, or `npm run frames -- race` for those whose path has the word. With `--check` it writes nothing
 * and fails if a frame is out of date.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { bertFrame } from './frames/bert.ts';
import { gptFrame } from './frames/gpt.ts';
import { lensFrame } from './frames/lens.ts';
import { raceFrame } from './frames/race.ts';
import { sentimentFrame } from './frames/sentiment.ts';
import { spaceFrame } from './frames/space.ts';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { check: { type: 'boolean', default: false } },
});
const makers = [lensFrame, spaceFrame, raceFrame, bertFrame, gptFrame, sentimentFrame].filter(({ target }) =>
  positionals.every((word) => target.includes(word)),
);

if (makers.length === 0) console.log(`No first frame has ${positionals.join(' ')} in its path.`);

for (const { target, make, isCurrent } of makers) {
  const old = existsSync(target) ? readFileSync(target, 'utf8') : '';
  if (options.check) {
    if (old && (await isCurrent(JSON.parse(old)))) continue;
    console.error(`${target} is out of date: run npm run frames and look at the figures.`);
    process.exitCode = 1;
    continue;
  }
  const text = `${JSON.stringify(await make())}\n`;
  writeFileSync(target, text);
  console.log(`${target}: ${text.length} characters${text === old ? ', unchanged' : ''}`);
}
