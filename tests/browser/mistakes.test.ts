/**
 * An author's mistake stops the build with a message that helps. Builds small copies of the site, each with one mistake in it;
 * no browser is needed, but it takes as long as one.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';

// Inside the checkout, so that packages are found
const copy = resolve('.cache/mistakes');

const head = '---\ntitle: A page\nchapter: 1\nmodels: []\n---\n\nA first paragraph.\n\n';

const mistakes = [
  {
    name: 'a figure that does not exist',
    page: `${head}<ResnetLense start="fine-tuning" />\n`,
    says: [
      'content/course/01-page/index.mdx:9',
      '"ResnetLense"',
      'Did you mean "ResnetLens"',
      'src/figures/index.ts',
    ],
  },
  {
    name: 'a glossary term that does not exist',
    page: `${head}The <Term id="bakbone">backbone</Term>.\n`,
    says: [
      'content/course/01-page/index.mdx:9',
      '"bakbone"',
      'Did you mean "backbone"',
      'content/glossary/bakbone.md',
    ],
  },
  {
    name: 'a work that does not exist',
    page: `${head}As was shown <Cite id="yosinski2015" />.\n`,
    says: [
      'content/course/01-page/index.mdx:9',
      '"yosinski2015"',
      'Did you mean "yosinski2014"',
      'content/bibliography.yaml',
    ],
  },
  {
    name: 'a model that does not exist',
    page: `${head.replace('models: []', 'models: [resnet-mxied]')}Text.\n`,
    says: ['content/course/01-page/index.mdx', '"resnet-mxied"', 'Did you mean "resnet-mixed"'],
  },
  {
    name: 'a value that does not exist',
    page: `${head}<Value of="models.resnet-mixed.paramters" />\n`,
    says: [
      'content/course/01-page/index.mdx:9',
      'paramters',
      'Did you mean "models.resnet-mixed.parameters"',
    ],
  },
  {
    name: 'a formula that cannot be set',
    page: `${head}$\\fraction{1}{2}$\n`,
    says: ['content/course/01-page/index.mdx', 'a formula cannot be set', '\\fraction'],
  },
];

after(() => rmSync(copy, { recursive: true, force: true }));

test('each mistake of an author stops the build and says what to do', async (t) => {
  rmSync(copy, { recursive: true, force: true });
  mkdirSync(join(copy, 'content', 'course', '01-page'), { recursive: true });
  for (const folder of [
    'src',
    'content/glossary',
    'content/bibliography.yaml',
    'astro.config.mjs',
    'package.json',
    'tsconfig.json',
  ])
    cpSync(folder, join(copy, folder), { recursive: true });
  // One page is enough; those of src/pages would be built as well
  rmSync(join(copy, 'src', 'pages'), { recursive: true });
  for (const folder of ['public', 'scripts'])
    if (existsSync(folder)) symlinkSync(resolve(folder), join(copy, folder));
  for (const { name, page, says } of mistakes)
    await t.test(name, () => {
      writeFileSync(join(copy, 'content', 'course', '01-page', 'index.mdx'), page);
      const astro = resolve('node_modules/astro/bin/astro.mjs');
      const built = spawnSync(process.execPath, [astro, 'build'], { cwd: copy, encoding: 'utf8' });
      const said = built.stdout + built.stderr;
      assert.notEqual(built.status, 0, `the build went through:\n${said.slice(-2000)}`);
      for (const part of says)
        assert.ok(said.includes(part), `"${part}" is missing in:\n${said.slice(-3000)}`);
    });
});
