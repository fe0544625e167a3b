/** Firefox, driven by puppeteer over WebDriver BiDi. */
import type { TestContext } from 'node:test';
import puppeteer, { type Page } from 'puppeteer-core';
import { firstExisting } from './built-site.ts';

/** Opens an empty page in a Firefox that closes with the test; a sentence instead, when there is none on this machine. */
export async function openFirefox(t: TestContext): Promise<Page | string> {
  const executablePath = firstExisting(process.env.FIREFOX_PATH, '/usr/bin/firefox-esr', '/usr/bin/firefox');
  if (!executablePath) return 'Firefox is not installed (Debian: apt-get install firefox-esr)';
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath,
    headless: true,
    protocolTimeout: 300_000,
  });
  t.after(() => browser.close());
  return browser.newPage();
}
