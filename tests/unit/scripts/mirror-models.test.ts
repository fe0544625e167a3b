import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { mirrorModels } from '../../../scripts/mirror-models.ts';
import { isThawError } from '../../../src/engine/errors.ts';
import { readCatalogue } from '../../../src/engine/registry/read-catalogue.ts';

const id = 'mobilenetv2-12-int8';
const weights = Buffer.from(Array.from({ length: 200_000 }, (_, i) => (i * 7 + (i >> 8)) % 256));

/** A public folder with one manifest whose weights are these, and a host that has them, or stops after `cutAfter` bytes. */
async function setUp(t: TestContext) {
  const publicDir = mkdtempSync(join(tmpdir(), 'thaw-mirror-'));
  t.after(() => rmSync(publicDir, { recursive: true }));
  const folder = join(publicDir, 'full-size', id);
  mkdirSync(folder, { recursive: true });
  const manifest = JSON.parse(readFileSync(`public/full-size/${id}/manifest.json`, 'utf8')) as {
    files: { weights: object };
  };
  const sha256 = createHash('sha256').update(weights).digest('hex');
  Object.assign(manifest.files.weights, { sizeBytes: weights.length, sha256 });
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest));
  mkdirSync(join(publicDir, 'generated/ort'), { recursive: true });
  writeFileSync(join(publicDir, 'generated/ort/index.json'), '{"version":"1","builds":{}}');

  const host = { cutAfter: undefined as number | undefined, isDamaged: false, asked: [] as string[] };
  const server = createServer((request, response) => {
    const { range = 'all' } = request.headers;
    host.asked.push(`${request.url ?? ''} ${range}`);
    const start = Number(/bytes=(\d+)-/.exec(range)?.[1] ?? 0);
    const body = Buffer.from(weights.subarray(start));
    if (host.isDamaged) body[0] ^= 1;
    const headers = { etag: '"1"', 'content-length': body.length };
    if (start === 0) response.writeHead(200, headers);
    else {
      const contentRange = `bytes ${start}-${weights.length - 1}/${weights.length}`;
      response.writeHead(206, { ...headers, 'content-range': contentRange });
    }
    const cutAfter = host.cutAfter;
    if (cutAfter === undefined) response.end(body);
    else response.write(body.subarray(0, cutAfter));
  });
  let stop = new AbortController();
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const home = `http://127.0.0.1:${(server.address() as AddressInfo).port}/m`;
  const lines: string[] = [];
  const mirror = (ids = [id]) => {
    stop = new AbortController();
    const say = (line: string) => {
      lines.push(line);
      // Whoever reads the progress stops it
      if (host.cutAfter !== undefined && line.endsWith('%')) stop.abort();
    };
    return mirrorModels({ ids, publicDir, home, signal: stop.signal, say });
  };
  return { publicDir, home, host, lines, mirror, file: join(folder, `${id}.onnx`) };
}

describe('models:mirror', () => {
  it('goes on where it was stopped, checks the file, and fetches nothing twice', async (t) => {
    const { host, mirror, file, lines } = await setUp(t);
    host.cutAfter = 120_000;
    await assert.rejects(mirror(), (error) => isThawError(error, 'cancelled'));
    assert.ok(existsSync(`${file}.part`) && !existsSync(file), 'a file that is not whole has another name');
    const kept = readFileSync(`${file}.part`).length;
    assert.ok(kept > 0 && kept <= 120_000);
    host.cutAfter = undefined;
    await mirror();
    assert.deepEqual(readFileSync(file), weights);
    assert.deepEqual([existsSync(`${file}.part`), existsSync(`${file}.part.etag`)], [false, false]);
    assert.deepEqual(host.asked, [`/m/${id}/${id}.onnx all`, `/m/${id}/${id}.onnx bytes=${kept}-`]);
    await mirror();
    assert.equal(host.asked.length, 2);
    assert.ok(lines.some((line) => line.startsWith('  checked: sha256 ')));
  });

  it('keeps nothing of a file with another checksum', async (t) => {
    const { host, mirror, file } = await setUp(t);
    host.isDamaged = true;
    await assert.rejects(mirror(), (error) => isThawError(error, 'wrong-bytes'));
    assert.deepEqual([existsSync(file), existsSync(`${file}.part`)], [false, false]);
  });

  it('lists the known networks when there is none of a name', async (t) => {
    const { mirror } = await setUp(t);
    await assert.rejects(mirror(['resnet']), /"resnet"; known: mobilenetv2-12-int8, resnet50/);
  });

  it('is what the site serves from then on; before, the configured home is', async (t) => {
    const { publicDir, home, mirror } = await setUp(t);
    const pathOf = async () =>
      (await readCatalogue([id], publicDir, home)).models[0]?.manifest.files.weights.path;
    assert.equal(await pathOf(), `${home}/${id}/${id}.onnx`);
    await mirror();
    assert.equal(await pathOf(), `${id}.onnx`);
  });
});
