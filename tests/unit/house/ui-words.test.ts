/** Words that readers see stand in src/site/strings.ts alone, so that a translation is one other table. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

test('no template holds words of its own', () => {
  const files = globSync('src/**/*.astro');
  assert.ok(files.length > 30, `only ${files.length} templates were read`);
  assert.deepEqual(
    files.flatMap((file) => wordsIn(readFileSync(file, 'utf8')).map((words) => `${file}: ${words}`)),
    [],
  );
});

test('no script of a figure or of the chrome writes words of its own', () => {
  const written =
    /(?:textContent|innerText|ariaLabel|title|placeholder) = ['"`]|\.text\(['"`]|announce\(['"`]/;
  const attribute =
    /\.attr\('(?:aria-label|title|alt|placeholder)', ['"`]|setAttribute\('(?:aria-label|title|alt)', ['"`]/;
  for (const file of globSync(['src/figures/**/*.ts', 'src/site/**/*.ts']))
    readFileSync(file, 'utf8')
      .split('\n')
      .forEach((line, index) => {
        const isWord =
          (written.test(line) || attribute.test(line)) && /['"`][^'"`]*\p{L}{3}/u.test(afterCall(line));
        assert.ok(!isWord, `${file}:${index + 1}: ${line.trim()}`);
      });
});

test('the check sees text and attributes, and passes over code', () => {
  assert.deepEqual(wordsIn('---\nconst a = 1;\n---\n<p title="Close it">{t("a.b")} Read more</p>'), [
    'Close it',
    'Read more',
  ]);
  assert.deepEqual(wordsIn('<b>{t("a")}</b>{" "}<style>p { color: red }</style><script>go();</script>'), []);
});

function afterCall(line: string): string {
  return line.replace(/^.*?(?:= |text\(|announce\(|', )/, '');
}

/** Words between the tags of a template and in its spoken attributes, as written. */
function wordsIn(template: string): string[] {
  let markup = template
    .replace(/^---\n[^]*?\n---/, '')
    .replace(/<(script|style)\b[^]*?<\/\1>/g, '')
    .replace(/<!--[^]*?-->/g, '');
  // Expressions, innermost first; what is quoted inside them is code
  for (let before = ''; before !== markup;) {
    before = markup;
    markup = markup.replace(/\{[^{}]*\}/g, '');
  }
  const spoken = [...markup.matchAll(/\s(?:aria-label|title|alt|placeholder)="([^"]*)"/g)];
  const text = markup.replace(/<[^<>]*>/g, '\n').split('\n');
  return [...spoken.map(([, words = '']) => words), ...text]
    .map((words) => words.trim())
    .filter((words) => /\p{L}{2}/u.test(words));
}
