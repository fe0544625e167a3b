/** The pages are valid HTML, by the rules of tests/htmlvalidate.json. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { HtmlValidate, type ConfigData } from 'html-validate';
import { builtPages } from './harness.ts';

test('every page is valid HTML', async () => {
  const config = JSON.parse(
    readFileSync(new URL('../htmlvalidate.json', import.meta.url), 'utf8'),
  ) as ConfigData;
  const validator = new HtmlValidate(config);
  const faults: string[] = [];
  for (const { path, html } of builtPages()) {
    const report = await validator.validateString(html, path);
    for (const { messages } of report.results)
      faults.push(
        ...messages.map((fault) => `${path}:${fault.line}:${fault.column} ${fault.ruleId}: ${fault.message}`),
      );
  }
  assert.equal(faults.length, 0, `${faults.length} faults\n${faults.slice(0, 40).join('\n')}`);
});
