/** A published network from another host to an answer: download over a redirect, progress, resume, checksum, store, run. */
import assert from 'node:assert/strict';
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openRuntimePage, type RuntimePage } from './runtime-page.ts';

const shared = process.env.THAW_SHARED ?? fileURLToPath(new URL('../../../shared', import.meta.url));
const reference = join(shared, 'data/reference');
const model = 'mobilenetv2-12-int8';
const file = join(reference, `${model}.onnx`);
const skip = !existsSync(file) && `skipped: ${file} is not there`;

/**
 * What the network may see in each photo, and among how many likeliest classes. It calls the owl a kite or a bittern first and
 * names Grace Hopper's tie before her uniform, whoever resizes the pictures; Pillow's BILINEAR in Python answers alike. ImageNet
 * has no sunflower, and a cat's coat is a matter of opinion.
 */
const right: Record<string, { name: RegExp; within: number }> = {
  'bird.jpg': { name: /^chickadee$/, within: 1 },
  'cat.jpg': { name: /^(tabby|tiger cat|Egyptian cat)$/, within: 1 },
  'cat_720p.jpg': { name: /^(tabby|tiger cat|Egyptian cat)$/, within: 1 },
  'dragonfly.jpg': { name: /^(dragonfly|damselfly)$/, within: 1 },
  'grace_hopper.jpg': { name: /^military uniform$/, within: 5 },
  'hot_dog.jpg': { name: /^hotdog$/, within: 1 },
  'owl.jpg': { name: /^great grey owl$/, within: 5 },
  'parrot.jpg': { name: /^macaw$/, within: 1 },
  'sunflower.jpg': { name: /^daisy$/, within: 1 },
};

interface Mirror {
  /** Address that sends to the other. */
  home: string;
  hosts: string[];
  /** Ranges that were asked for. */
  ranges: (string | undefined)[];
  /** Cuts the next transfer after so many bytes. */
  cutAfter: number | undefined;
  /** Changes one byte of every transfer. */
  isDamaged: boolean;
}

/** A home that redirects to a second host, as public hosts of models do. Both answer any origin, as those do. */
async function startMirror(t: TestContext): Promise<Mirror> {
  const open = { 'access-control-allow-origin': '*', 'access-control-expose-headers': 'etag, content-range' };
  const listen = async (answer: (request: IncomingMessage, response: ServerResponse) => void) => {
    const server = createServer((request, response) => {
      if (request.method === 'OPTIONS')
        response.writeHead(204, { ...open, 'access-control-allow-headers': 'range, if-range' }).end();
      else answer(request, response);
    });
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    t.after(() => {
      server.closeAllConnections();
      server.close();
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  const mirror: Mirror = { home: '', hosts: [], ranges: [], cutAfter: undefined, isDamaged: false };
  const store = await listen((request, response) => {
    const { range } = request.headers;
    mirror.ranges.push(range);
    const size = statSync(file).size;
    const start = Number(/bytes=(\d+)-/.exec(range ?? '')?.[1] ?? 0);
    const headers = { ...open, etag: '"one"', 'content-length': size - start };
    if (range) response.writeHead(206, { ...headers, 'content-range': `bytes ${start}-${size - 1}/${size}` });
    else response.writeHead(200, headers);
    if (mirror.isDamaged) {
      const bytes = readFileSync(file).subarray(start);
      bytes[bytes.length >> 1] ^= 1;
      response.end(bytes);
    } else if (mirror.cutAfter === undefined) createReadStream(file, { start }).pipe(response);
    else {
      const end = start + mirror.cutAfter - 1;
      createReadStream(file, { start, end })
        .on('end', () => setTimeout(() => response.destroy(), 500))
        .pipe(response, { end: false });
    }
  });
  const front = await listen((request, response) =>
    response.writeHead(302, { ...open, location: `${store}${request.url ?? ''}` }).end(),
  );
  return Object.assign(mirror, { home: `${front}/{id}/resolve/main/{file}`, hosts: [front, store] });
}

/** Loads and looks at these photos; the bytes that the reader is told first, all progress, and the likeliest classes. */
function classify({ page, catalogue }: RuntimePage, names: string[]) {
  const photos = names.map((name) => readFileSync(join(reference, 'photos', name)).toString('base64'));
  return page.evaluate(
    async ({ catalogue, photos, model }) => {
      const { browserDecoder, createBrowserRuntime, decodePicture, parseCatalogue } = globalThis.doors;
      const { pictureManifest, preprocess, softmax, topK } = globalThis.doors;
      const runtime = createBrowserRuntime(parseCatalogue(catalogue), '/sub/');
      const { parts } = await runtime.planDownload(model);
      const progress: number[] = [];
      const seen: string[][] = [];
      let code = '';
      let precision = '';
      try {
        const loaded = await runtime.load(model, {
          onProgress: ({ receivedBytes }) => progress.push(receivedBytes),
        });
        for (const photo of photos) {
          const bytes = Uint8Array.from(atob(photo), (letter) => letter.charCodeAt(0));
          const { picture } = await decodePicture(new Blob([bytes]), 'photo.jpg', browserDecoder);
          const ran = await loaded.run({
            input: preprocess(picture, pictureManifest(loaded.manifest).input),
          });
          precision = ran.precision;
          const best = topK(softmax(ran.outputs['output']?.data ?? []), 5);
          seen.push(best.map(({ index }) => loaded.labels[index]?.name ?? ''));
        }
      } catch (error) {
        code = (error as { code: string }).code;
      }
      const { remainingBytes } = await runtime.planDownload(model);
      const weights = parts.find(({ name }) => name === 'weights');
      return { weights, progress, seen, code, precision, remainingBytes };
    },
    { catalogue, photos, model },
  );
}

describe('a full-size network from another host', { skip }, () => {
  const names = Object.keys(right);

  it('names what is on the photos, and asks for the line once', async (t) => {
    const mirror = await startMirror(t);
    const opened = await openRuntimePage(t, { models: [model], home: mirror.home, hosts: mirror.hosts });
    assert.equal(mirror.ranges.length, 0, 'nothing starts by itself');
    const answer = await classify(opened, names);
    assert.deepEqual([answer.code, answer.precision], ['', 'int8']);
    const wrong = names.filter((name, i) => {
      const best = answer.seen[i].slice(0, right[name].within);
      return !best.some((seen) => right[name].name.test(seen));
    });
    assert.deepEqual(wrong, [], JSON.stringify(answer.seen));
    assert.equal(answer.weights?.sizeBytes, 3655033, 'told before a byte comes');
    assert.ok(answer.weights?.url.startsWith(mirror.hosts[0]));
    assert.deepEqual(
      answer.progress,
      answer.progress.toSorted((a, b) => a - b),
    );
    assert.ok(answer.progress.length > 5);
    assert.equal(answer.remainingBytes, 0);
    assert.equal(mirror.ranges.length, 1);
    assert.equal((await classify(opened, names.slice(0, 1))).code, '');
    assert.equal(mirror.ranges.length, 1, 'it was stored');
    assert.deepEqual(opened.problems, []);
  });

  it('goes on where the line broke', async (t) => {
    const mirror = await startMirror(t);
    mirror.cutAfter = 1e6;
    const opened = await openRuntimePage(t, { models: [model], home: mirror.home, hosts: mirror.hosts });
    const answer = await classify(opened, ['parrot.jpg']);
    assert.deepEqual([answer.code, answer.seen[0]?.[0]], ['', 'macaw']);
    const starts = mirror.ranges.map((range) => Number(/^bytes=(\d+)-$/.exec(range ?? 'bytes=0-')?.[1]));
    assert.ok(starts.length >= 4, `3.6 MB come by 1 MB: ${starts.join(', ')}`);
    // A page that had no time may have lost what came before the break, even all of it; never does it skip a byte
    for (const [i, start] of starts.entries())
      if (i > 0) assert.ok(start >= starts[i - 1] && start <= starts[i - 1] + 1e6, starts.join(', '));
    assert.ok(Math.max(...starts) >= 2e6, `it began anew each time: ${starts.join(', ')}`);
  });

  it('is refused when a byte is another', async (t) => {
    const mirror = await startMirror(t);
    mirror.isDamaged = true;
    const opened = await openRuntimePage(t, { models: [model], home: mirror.home, hosts: mirror.hosts });
    assert.deepEqual((await classify(opened, ['owl.jpg'])).code, 'wrong-bytes');
    assert.equal(mirror.ranges.length, 2, 'tried once more, past the caches');
  });

  it('does not come where the policy leaves out the host that it is sent to', async (t) => {
    const mirror = await startMirror(t);
    const opened = await openRuntimePage(t, {
      models: [model],
      home: mirror.home,
      hosts: mirror.hosts.slice(0, 1),
    });
    assert.equal((await classify(opened, ['owl.jpg'])).code, 'network-lost');
    assert.equal(mirror.ranges.length, 0, 'not even a request arrives there');
  });

  it('comes under isolation as well, where pages may run threads', async (t) => {
    const mirror = await startMirror(t);
    const opened = await openRuntimePage(t, {
      models: [model],
      home: mirror.home,
      hosts: mirror.hosts,
      headers: true,
    });
    assert.equal(await opened.page.evaluate(() => crossOriginIsolated), true);
    assert.equal((await classify(opened, ['hot_dog.jpg'])).seen[0]?.[0], 'hotdog');
  });
});
