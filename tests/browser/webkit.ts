/** WebKitGTK, driven through its own WebDriver on a virtual screen. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createServer } from 'node:net';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { globSync } from 'node:fs';
import type { TestContext } from 'node:test';
import { firstExisting } from './built-site.ts';

/** One window of WebKitGTK. */
export interface WebKitWindow {
  goto: (url: string) => Promise<void>;
  /**
   * Runs a function in the page and returns what it resolves to. The function is sent as text: it may use its
   * arguments and the page, nothing around it.
   */
  evaluate: <A extends unknown[], R>(work: (...args: A) => R | Promise<R>, ...args: A) => Promise<R>;
}

/** Opens a window that closes with the test; a sentence instead, when this machine lacks a part of it. */
export async function openWebKit(t: TestContext): Promise<WebKitWindow | string> {
  const driver = firstExisting(process.env.WEBKIT_DRIVER_PATH, '/usr/bin/WebKitWebDriver');
  const browser = globSync('/usr/lib/*/webkit2gtk-4.*/MiniBrowser').sort().at(-1);
  const screen = firstExisting('/usr/bin/Xvfb');
  if (!driver || !browser) return 'WebKitGTK is not installed (Debian: apt-get install webkit2gtk-driver)';
  if (!screen) return 'WebKitGTK needs a virtual screen (Debian: apt-get install xvfb)';

  const started: ChildProcess[] = [];
  const sessions: string[] = [];
  t.after(async () => {
    for (const session of sessions) await ask('DELETE', `/session/${session}`);
    for (const process of started.reverse()) process.kill();
  });
  const server = spawn(screen, ['-displayfd', '3', '-screen', '0', '1280x900x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  started.push(server);
  const display = String((await once(server.stdio[3] as Readable, 'data'))[0]).trim();
  const port = await freePort();
  const settings = {
    DISPLAY: `:${display}`,
    GDK_BACKEND: 'x11',
    LIBGL_ALWAYS_SOFTWARE: '1',
    WEBKIT_DISABLE_COMPOSITING_MODE: '1',
    // Its sandbox wants namespaces that containers do not give; the pages are our own
    WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1',
  };
  started.push(spawn(driver, [`--port=${port}`], { env: { ...process.env, ...settings }, stdio: 'ignore' }));

  const ask = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(300_000),
    });
    const { value } = (await response.json()) as { value: unknown };
    if (!response.ok) throw new Error(`WebKitGTK: ${JSON.stringify(value)}`);
    return value;
  };
  await untilAnswered(() => ask('GET', '/status'));
  const capabilities = {
    alwaysMatch: { 'webkitgtk:browserOptions': { binary: browser, args: ['--automation'] } },
  };
  const { sessionId } = (await ask('POST', '/session', { capabilities })) as { sessionId: string };
  sessions.push(sessionId);
  await ask('POST', `/session/${sessionId}/timeouts`, { script: 280_000 });

  return {
    goto: async (url) => {
      await ask('POST', `/session/${sessionId}/url`, { url });
    },
    evaluate: async (work, ...args) => {
      const script = `const done = arguments[arguments.length - 1];
        Promise.resolve().then(() => (${work.toString()})(...[].slice.call(arguments, 0, -1)))
          .then((value) => done({ value }), (error) => done({ error: String(error) }));`;
      const answer = (await ask('POST', `/session/${sessionId}/execute/async`, { script, args })) as {
        value: never;
        error?: string;
      };
      if (answer.error !== undefined) throw new Error(answer.error);
      return answer.value;
    },
  };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  return typeof address === 'object' && address ? address.port : 0;
}

/** A driver that was just started does not listen yet, and says nothing when it does. */
async function untilAnswered(ask: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await ask();
      return;
    } catch (error) {
      if (attempt === 100) throw error;
      await pause(100);
    }
  }
}
