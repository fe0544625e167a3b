/**
 * Makes what the site needs but the repository does not hold: sprite sheets, the gzipped runtime, font subsets,
 * the list of licences. Each maker caches by the hash of its inputs, so a second run takes a moment.
 */
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';

const OUT = 'public/generated';

/** Makers in order: module beside this file, and the function it exports. */
const MAKERS: [name: string, module: string, make: string][] = [
  ['sprite sheets', 'scripts/build-sprites.ts', 'buildSprites'],
  ['runtime', 'scripts/assets/runtime.ts', 'buildRuntimeAssets'],
  ['weights', 'scripts/assets/weights.ts', 'buildPackedWeights'],
  ['fonts', 'scripts/assets/fonts.ts', 'buildFonts'],
  ['licences', 'scripts/assets/licences.ts', 'buildLicences'],
];

await mkdir(OUT, { recursive: true });
for (const [name, module, make] of MAKERS) {
  if (!existsSync(module)) continue;
  const startedAt = performance.now();
  const exported = (await import(pathToFileURL(module).href)) as Record<
    string,
    (outDir: string) => Promise<void>
  >;
  const maker = exported[make];
  if (!maker) throw new Error(`${module} should export ${make}(outDir).`);
  await maker(OUT);
  console.log(`assets: ${name}, ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
}
