import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

// As many characters as stand in the column of text; a block with longer lines says `wrap`
const widest = 63;

test('programs fit the column, or wrap', () => {
  for (const path of globSync('content/course/*/index.mdx')) {
    const page = readFileSync(path, 'utf8');
    for (const [, info = '', code = ''] of page.matchAll(/^```(\w[^\n]*)\n(.*?)^```$/gms)) {
      if (/ wrap\b/.test(info)) continue;
      const long = code.split('\n').filter((line) => line.length > widest);
      assert.deepEqual(long, [], `${path}, ${info}: lines of more than ${widest} characters`);
    }
  }
});
