/** Chromium in the states that a reader's may be in: each a browser of its own, closed with the test. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { chromium, type Page } from 'playwright-core';
import { chromiumPath } from './built-site.ts';

export interface Environment {
  /** More switches for Chromium. */
  args?: readonly string[];
  /** Chromium's preferences, as its settings pages would write them. */
  preferences?: object;
}

/** Compilation to machine code switched off, as strict security settings do: no WebAssembly, in pages and workers alike. */
export const withoutWebAssembly: Environment = { args: ['--js-flags=--jitless'] };

/** All site data blocked, as the reader's settings can: storage, caches and databases refuse. */
export const withoutStorage: Environment = {
  preferences: { profile: { default_content_setting_values: { cookies: 2 } } },
};

/** A page in such a Chromium, with a profile of its own. */
export async function openIn(t: TestContext, { args = [], preferences }: Environment): Promise<Page> {
  const profile = mkdtempSync(join(tmpdir(), 'thaw-profile-'));
  if (preferences) {
    mkdirSync(join(profile, 'Default'));
    writeFileSync(join(profile, 'Default', 'Preferences'), JSON.stringify(preferences));
  }
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: chromiumPath(),
    args: [...args],
  });
  t.after(async () => {
    await context.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  });
  return context.newPage();
}

/** A line to the site that can break. */
export interface BreakingLine {
  url: string;
  /** Files of which so many bytes come, and then nothing more however often it is tried; set to undefined to heal the line. */
  breakAfter: { pattern: RegExp; bytes: number } | undefined;
  /** Files of which one byte is changed on the way. */
  damage: RegExp | undefined;
  /** Every request that was made, with its range. */
  requests: { path: string; range: string | undefined }[];
}

/** Passes requests on to `site` and cuts the connection in the middle of chosen files. */
export async function openBreakingLine(t: TestContext, site: string): Promise<BreakingLine> {
  const line: BreakingLine = { url: '', breakAfter: undefined, damage: undefined, requests: [] };
  const server = createServer((request, response) => void forward(line, site, request, response));
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const address = server.address();
  line.url = `http://localhost:${typeof address === 'object' && address ? address.port : 0}`;
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return line;
}

async function forward(
  line: BreakingLine,
  site: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = request.url ?? '/';
  line.requests.push({ path, range: request.headers.range });
  const headers = new Headers({ 'accept-encoding': 'identity' });
  for (const name of ['range', 'if-range', 'if-none-match']) {
    const value = request.headers[name];
    if (typeof value === 'string') headers.set(name, value);
  }
  const answer = await fetch(new URL(path, site), { headers, redirect: 'manual' });
  const body = Buffer.from(await answer.arrayBuffer());
  const kept = [...answer.headers].filter(
    ([name]) => !/^(connection|keep-alive|transfer-encoding|content-length|content-encoding)$/.test(name),
  );
  response.writeHead(answer.status, { ...Object.fromEntries(kept), 'content-length': body.byteLength });
  const { breakAfter, damage } = line;
  const middle = body.byteLength >> 1;
  if (damage?.test(path)) body[middle] = (body[middle] ?? 0) ^ 1;
  // An answer without a body, that nothing has changed, is no transfer
  if (breakAfter?.pattern.test(path) && body.byteLength > breakAfter.bytes) {
    // A page may lose what it has not taken yet when the line breaks
    response.write(body.subarray(0, breakAfter.bytes), () => setTimeout(() => response.destroy(), 500));
    breakAfter.bytes = 0;
  } else {
    response.end(body);
  }
}
