/** KaTeX's style sheet, shortened: no size of a formula may change. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { shortenSizes } from '../../../../scripts/assets/katex-fonts.ts';

const sheet = readFileSync(createRequire(import.meta.url).resolve('katex/dist/katex.min.css'), 'utf8');

test('sizes as quotients are the sizes that KaTeX writes out', () => {
  const shortened = shortenSizes(sheet);
  const read = (property: string, className: string) =>
    new Map(
      [
        ...shortened.matchAll(new RegExp(`\\.${className}(\\d+)\\{--katex-${property}:([\\d.]+)\\}`, 'g')),
      ].map(([, size = '', value]) => [size, Number(value)] as const),
    );
  const [from, to] = [read('from', 'reset-size'), read('to', 'size')];
  const rules = [...sheet.matchAll(/\.sizing\.reset-size(\d+)\.size(\d+)\{font-size:([\d.]+)em\}/g)];
  assert.equal(rules.length, 121);
  for (const [rule, small = '', large = '', ratio] of rules)
    assert.ok(Math.abs((to.get(large) ?? NaN) / (from.get(small) ?? NaN) - Number(ratio)) < 1e-6, rule);
  assert.ok(shortened.length < sheet.length - 10_000);
});

test('a sheet of another form is refused', () => {
  assert.throws(() => shortenSizes('.katex .sizing{}'), /its form has changed/);
});
