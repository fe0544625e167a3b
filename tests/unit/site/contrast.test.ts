/** The tokens keep the contrast that the look promises, in both themes (WCAG 2.2: 4.5 for text, 3 for marks and edges). */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const read = (file: string) =>
  new Map(
    [...readFileSync(`src/site/styles/${file}`, 'utf8').matchAll(/^\s*--([\w-]+):\s*(#[0-9a-f]{6});/gm)].map(
      ([, name = '', colour = '']) => [name, colour] as const,
    ),
  );
const light = read('tokens.css');
const themes = { light, dark: new Map([...light, ...read('dark.css')]) };

const text = ['ink', 'ink-2', 'ink-3', 'ice-text', 'ember-text', 'bad', 'good', 'code-string', 'code-name'];
const marks = ['edge', 'ice-mark', 'ice-line', 'ember-mark', 'ember-line', 'plain-line', 'neg', 'pos'];

for (const [theme, tokens] of Object.entries(themes))
  test(`${theme}: text reaches 4.5 to 1 and marks 3 to 1 on paper`, () => {
    for (const ground of ['paper', 'paper-sunk', 'paper-raised']) {
      for (const name of text)
        assert.ok(
          contrast(tokens, name, ground) >= 4.5,
          `${name} on ${ground}: ${contrast(tokens, name, ground)}`,
        );
      for (const name of marks)
        assert.ok(
          contrast(tokens, name, ground) >= 3,
          `${name} on ${ground}: ${contrast(tokens, name, ground)}`,
        );
    }
    for (const [name, ground] of [
      ['ice-text', 'ice-fill'],
      ['ember-text', 'ember-fill'],
      ['ink', 'ice-fill'],
      ['ink', 'ember-fill'],
      ['code-name', 'ember-fill'],
      ['code-string', 'ice-fill'],
      ['ink-2', 'ember-fill'],
    ] as const)
      assert.ok(
        contrast(tokens, name, ground) >= 4.5,
        `${name} on ${ground}: ${contrast(tokens, name, ground)}`,
      );
  });

function contrast(tokens: Map<string, string>, a: string, b: string): number {
  const [bright = 0, dark = 0] = [luminance(tokens.get(a)), luminance(tokens.get(b))].toSorted(
    (x, y) => y - x,
  );
  return (bright + 0.05) / (dark + 0.05);
}

function luminance(colour: string | undefined): number {
  assert.ok(colour, 'a token is missing');
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
