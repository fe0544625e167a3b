/** The content policy: on every page without a violation, and inside the worker whatever the host sends. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import { builtPages, eachAtMost, openPage } from './harness.ts';

test('every page has a policy, and reading it breaks none', async (t) => {
  const pages = builtPages();
  await eachAtMost(pages, 3, async ({ path, html }) => {
    assert.match(html, /<meta http-equiv="content-security-policy" content="default-src 'self'/, path);
    assert.doesNotMatch(
      html,
      /<meta http-equiv="content-security-policy"[^>]*(?:unsafe-eval'(?<!wasm-unsafe-eval')|frame-ancestors)/,
      path,
    );
    const page = await openPage(t, path, {
      headers: false,
      expected: path.startsWith('/404') ? [/404/] : [],
      before: () => {
        document.addEventListener('securitypolicyviolation', (event) =>
          console.error(`blocked: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`),
        );
      },
    });
    await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
  });
});

test('a page under the policy runs no inline handler, no eval and no foreign request', async (t) => {
  const foreign = await startForeignHost(t);
  const page = await openPage(t, '/', {
    headers: false,
    expected: [/Content Security Policy/, /third party/, /request failed/],
  });
  const outcome = await page.evaluate(async (url) => {
    const box = document.createElement('div');
    box.innerHTML = '<img src="data:," onerror="globalThis.wasRun = true">';
    document.body.append(box);
    // Script that the debugger itself calls may eval; a later turn of the page's own may not
    await new Promise((done) => {
      // A page behind others may get no frames
      requestAnimationFrame(done);
      setTimeout(done, 100);
    });
    let evaluated = false;
    try {
      evaluated = (0, eval)('true') as boolean;
    } catch {
      evaluated = false;
    }
    const fetched = await fetch(url).then(
      () => true,
      () => false,
    );
    return { evaluated, fetched, handled: 'wasRun' in globalThis };
  }, foreign.url);
  assert.deepEqual(outcome, { evaluated: false, fetched: false, handled: false });
  assert.equal(foreign.hits(), 0);
});

for (const setting of ['meta only', 'headers', 'service worker'] as const)
  test(`a worker started from a blob can neither eval nor fetch elsewhere: ${setting}`, async (t) => {
    const foreign = await startForeignHost(t);
    const page = await openPage(t, '/', {
      headers: setting === 'headers',
      expected: [/Content Security Policy/, /third party/, /request failed/],
    });
    if (setting === 'service worker') {
      await page.evaluate(async () => {
        await navigator.serviceWorker.register('isolation.js');
        await navigator.serviceWorker.ready;
      });
      await page.reload();
      assert.equal(await page.evaluate(() => crossOriginIsolated), true);
    }
    const outcome = await page.evaluate(
      (url) =>
        new Promise((resolve, reject) => {
          const source = `
            let evaluated = false; try { evaluated = (0, eval)('true'); } catch {}
            const own = await fetch(${JSON.stringify(document.baseURI)}).then((r) => r.ok, () => false);
            const fetched = await fetch(${JSON.stringify(url)}).then(() => true, () => false);
            const wasm = await WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])).then(() => true, () => false);
            postMessage({ evaluated, own, fetched, wasm });`;
          const worker = new Worker(URL.createObjectURL(new Blob([source], { type: 'text/javascript' })), {
            type: 'module',
          });
          worker.onmessage = ({ data }) => resolve(data);
          worker.onerror = ({ message }) => reject(new Error(message));
        }),
      foreign.url,
    );
    assert.deepEqual(outcome, { evaluated: false, own: true, fetched: false, wasm: true });
    assert.equal(foreign.hits(), 0);
  });

/** A host that would answer anybody, and counts who asks. */
async function startForeignHost(t: TestContext) {
  let hits = 0;
  const server = createServer((_, response) => {
    hits++;
    response.writeHead(200, { 'access-control-allow-origin': '*' }).end('foreign');
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  t.after(() => server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, hits: () => hits };
}
