/** The same sources make the same pages: what is drawn at build time draws no lots and reads no clock. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const chance = /randomUUID|getRandomValues|Math\.random|Date\.now|new Date\(\)|performance\.now/;

for (const file of globSync('{src,content}/**/*.{astro,mdx}'))
  test(`${file} renders the same twice`, () => {
    // Scripts run in the page, where chance and time are no harm to the build
    const rendered = readFileSync(file, 'utf8').replaceAll(/<script[\s\S]*?<\/script>/g, '');
    assert.doesNotMatch(rendered, chance);
  });
