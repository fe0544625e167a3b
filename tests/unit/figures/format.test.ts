import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  formatBytes,
  formatCount,
  formatMilliseconds,
  formatPercent,
  formatShape,
  formatShort,
  formatValue,
} from '../../../src/figures/kit/format.ts';

const thin = '\u202f';

const table: [what: string, actual: string, expected: string][] = [
  ['counts are grouped', formatCount(2803610), '2,803,610'],
  ['small counts stay whole', formatShort(928), '928'],
  ['thousands', formatShort(57728), `57.7${thin}k`],
  ['millions', formatShort(1180672), `1.18${thin}M`],
  ['nearly a million is a million', formatShort(999999), `1.00${thin}M`],
  ['bytes', formatBytes(840), `840${thin}B`],
  ['kilobytes', formatBytes(28960), `29${thin}kB`],
  ['megabytes', formatBytes(2_900_000), `2.9${thin}MB`],
  ['exactly zero is printed 0', formatPercent(0), `0${thin}%`],
  ['almost zero is not zero', formatPercent(1e-9), `<0.1${thin}%`],
  ['almost one is not one', formatPercent(0.99999), `>99.9${thin}%`],
  ['one is one', formatPercent(1), `100.0${thin}%`],
  ['a share', formatPercent(0.81), `81.0${thin}%`],
  ['a share without digits', formatPercent(0.405, 0), `41${thin}%`],
  ['fractions of a millisecond', formatMilliseconds(0.42), `0.42${thin}ms`],
  ['milliseconds', formatMilliseconds(6.13), `6.1${thin}ms`],
  ['many milliseconds', formatMilliseconds(83.4), `83${thin}ms`],
  ['seconds', formatMilliseconds(1234), `1.2${thin}s`],
  ['value zero', formatValue(0), '0'],
  ['small value', formatValue(0.0384), '0.038'],
  ['value', formatValue(2.414), '2.41'],
  ['negative value has a minus sign', formatValue(-12.64), '−12.6'],
  ['tiny value', formatValue(0.00012), '1.2e-4'],
  ['shape', formatShape([64, 8, 8]), '64×8×8'],
];

for (const [what, actual, expected] of table) test(what, () => assert.equal(actual, expected));
