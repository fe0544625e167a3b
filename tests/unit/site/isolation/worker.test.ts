import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { runInNewContext } from 'node:vm';
import { writeWorker } from '../../../../src/site/isolation/integration.ts';

type Listener = (event: { request: unknown; respondWith: (answer: Promise<Response>) => unknown }) => void;

/** Runs the built worker against a host that answers `respond`; returns what it does with a request. */
async function startWorker(respond: () => Response) {
  const script = writeWorker(await readFile('src/site/isolation/worker.ts', 'utf8'), 'v1');
  const listeners: Partial<Record<string, Listener>> = {};
  runInNewContext(script, {
    addEventListener: (name: string, listener: Listener) => (listeners[name] = listener),
    location: { origin: 'https://host.example' },
    fetch: () => Promise.resolve(respond()),
    URL,
    Headers,
    Response,
    Object,
  });
  return (request: { url: string; mode: string; destination: string }): Promise<Response> | undefined => {
    let answer: Promise<Response> | undefined;
    listeners['fetch']?.({ request, respondWith: (given) => (answer = given) });
    return answer;
  };
}

const page = { url: 'https://host.example/course/', mode: 'navigate', destination: 'document' };

test('pages and workers get the headers of isolation, and stay what the host sent', async () => {
  const ask = await startWorker(() => new Response('the page', { status: 404, headers: { etag: '"a"' } }));
  for (const request of [page, { ...page, mode: 'same-origin', destination: 'worker' }]) {
    const answer = (await ask(request))!;
    assert.equal(answer.status, 404);
    assert.equal(await answer.text(), 'the page');
    assert.equal(answer.headers.get('etag'), '"a"');
    assert.equal(answer.headers.get('cross-origin-opener-policy'), 'same-origin');
    assert.equal(answer.headers.get('cross-origin-embedder-policy'), 'require-corp');
  }
});

test('everything else goes its way untouched', async () => {
  const ask = await startWorker(() => new Response(''));
  assert.equal(ask({ ...page, mode: 'cors', destination: 'image' }), undefined);
  assert.equal(ask({ ...page, mode: 'no-cors', destination: 'script' }), undefined);
  assert.equal(ask({ ...page, url: 'https://other.example/' }), undefined);
});

test('the version of the build is part of the script', async () => {
  const source = await readFile('src/site/isolation/worker.ts', 'utf8');
  assert.notEqual(writeWorker(source, 'a'), writeWorker(source, 'b'));
  assert.throws(() => writeWorker("import './x.ts';\n", 'a'), /one file/);
});
