import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { createMemoryStore } from '../../../../src/engine/download/byte-store.ts';
import { download, type RemoteFile } from '../../../../src/engine/download/download.ts';
import { isThawError } from '../../../../src/engine/errors.ts';
import {
  createFaultyHost,
  cutAfter,
  fileOf,
  flipByte,
  gzipUndone,
  hashOf,
  ignoresRanges,
  portal,
  redirect,
  seededBytes,
  slow,
  stallAfter,
  status,
  tooLong,
  truncateTo,
  unreachable,
  wrongLength,
  type Behaviour,
} from './faulty-host.ts';

const body = seededBytes(1000);
const file = fileOf(body);

describe('download', () => {
  it('reports every byte and stores the checked file', async () => {
    const { ports, seen } = createFaultyHost(body);
    const progress: number[] = [];
    assert.deepEqual(await download(file, ports, { onProgress: (bytes) => progress.push(bytes) }), body);
    assert.deepEqual(progress, [100, 200, 300, 400, 500, 600, 700, 800, 900, 1000, 1000]);
    await download(file, ports);
    assert.equal(seen.length, 1, 'the second time it comes from the store');
  });

  it('goes on where the line broke, under the same validator', async () => {
    const { ports, seen, waits } = createFaultyHost(body, [cutAfter(300)]);
    assert.deepEqual(await download(file, ports), body);
    assert.deepEqual(seen[1], { range: 'bytes=300-', ifRange: '"v1"', cache: 'default' });
    assert.equal(waits.length, 1);
  });

  it('does not give up on a line that breaks often, as long as something comes', async () => {
    const { ports, waits } = createFaultyHost(body, Array<Behaviour>(9).fill(cutAfter(100)));
    assert.deepEqual(await download(file, ports), body);
    assert.deepEqual(
      waits,
      Array<number>(9).fill(400),
      'each break comes after progress, so the pauses do not grow',
    );
  });

  it('accepts a 200 in place of the 206 and starts over', async () => {
    const { ports, seen } = createFaultyHost(body, [cutAfter(300), ignoresRanges]);
    assert.deepEqual(await download(file, ports), body);
    assert.equal(seen.length, 2);
  });

  it('starts over when the host goes on at another place', async () => {
    const astray: Behaviour = () =>
      new Response(body.slice(100), { status: 206, headers: { 'content-range': 'bytes 100-999/1000' } });
    const { ports, seen } = createFaultyHost(body, [cutAfter(300), astray]);
    assert.deepEqual(await download(file, ports), body);
    assert.equal(seen[2]?.range, null);
  });

  it('takes a body that ends too early for a broken line', async () => {
    const { ports, seen } = createFaultyHost(body, [truncateTo(450)]);
    assert.deepEqual(await download(file, ports), body);
    assert.equal(seen[1]?.range, 'bytes=450-');
  });

  it('tries a flipped byte once more past the caches, then refuses the file', async () => {
    const once = createFaultyHost(body, [flipByte(5)]);
    assert.deepEqual(await download(file, once.ports), body);
    assert.equal(once.seen[1]?.cache, 'reload');

    const always = createFaultyHost(body, [flipByte(5), flipByte(6)]);
    await assert.rejects(download(file, always.ports), (error) => isThawError(error, 'wrong-bytes'));
    assert.equal(await always.store.size(file), 0, 'nothing of it is kept');
  });

  it('refuses a file of the wrong length without reading on', async () => {
    const { ports } = createFaultyHost(body, [tooLong]);
    await assert.rejects(download(file, ports), (error) => isThawError(error, 'wrong-bytes'));
  });

  it('does not repeat a 404, and repeats a 500', async () => {
    const missing = createFaultyHost(body, [status(404)]);
    await assert.rejects(download(file, missing.ports), (error) => isThawError(error, 'not-found'));
    assert.equal(missing.seen.length, 1);

    const ill = createFaultyHost(body, [status(500), status(503)]);
    assert.deepEqual(await download(file, ill.ports), body);
    assert.deepEqual(ill.waits, [400, 1500], 'with growing pauses');
  });

  it('keeps what arrived when the network stays away, and says what is left', async () => {
    const gone = createFaultyHost(body, [cutAfter(300), unreachable, unreachable, unreachable]);
    await assert.rejects(download(file, gone.ports), (error) => {
      assert.ok(isThawError(error, 'network-lost'));
      assert.equal(error.details['remainingBytes'], 700);
      return true;
    });
    assert.equal(await gone.store.size(file), 300);

    const again = createFaultyHost(body, [], gone.store);
    assert.deepEqual(await download(file, again.ports), body);
    assert.equal(again.seen[0]?.range, 'bytes=300-');
  });

  it('says at once when the device is offline, and goes on when it is back', async () => {
    const gone = createFaultyHost(body, [cutAfter(300)]);
    const ports = { ...gone.ports, isOnline: () => false };
    await assert.rejects(download(file, ports), (error) => {
      assert.ok(isThawError(error, 'network-lost'));
      assert.match(error.message, /offline/);
      assert.match(error.advice, /what arrived is kept/);
      return true;
    });
    assert.equal(gone.seen.length, 1, 'it went on trying behind the reader');
    const back = createFaultyHost(body, [], gone.store);
    assert.deepEqual(await download(file, back.ports), body);
    assert.equal(back.seen[0]?.range, 'bytes=300-');
  });

  it('stops when called off and keeps what arrived', async () => {
    const { ports, store } = createFaultyHost(body, [stallAfter(200)]);
    const controller = new AbortController();
    const running = download(file, ports, {
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    await assert.rejects(running, (error) => isThawError(error, 'cancelled'));
    assert.equal(await store.size(file), 200);
  });

  it('fetches again what was damaged in the store', async () => {
    const store = createMemoryStore();
    await store.write(file, body.slice().fill(0, 10, 20));
    const { ports, seen } = createFaultyHost(body, [], store);
    assert.deepEqual(await download(file, ports), body);
    assert.equal(seen.length, 1);
  });
});

describe('a gzipped file', () => {
  const unpacked = new Uint8Array(4000).fill(7);
  const packed = new Uint8Array(gzipSync(unpacked));
  const zipped: RemoteFile = { ...fileOf(packed), unpacked: { sizeBytes: 4000, sha256: hashOf(unpacked) } };

  it('is accepted as sent and as unpacked by the host, with progress on the scale of the wire', async () => {
    assert.deepEqual(await download(zipped, createFaultyHost(packed).ports), packed);
    const progress: number[] = [];
    const undone = createFaultyHost(unpacked);
    assert.deepEqual(await download(zipped, undone.ports, { onProgress: (n) => progress.push(n) }), unpacked);
    assert.ok(Math.max(...progress) <= packed.length);
  });

  it('is not continued from bytes that were unpacked on the way', async () => {
    const { ports, seen } = createFaultyHost(unpacked, [cutAfter(500)]);
    assert.deepEqual(await download(zipped, ports), unpacked);
    assert.equal(seen[1]?.range, null);
  });
});

describe('100 seeded faults', () => {
  const unpacked = seededBytes(3000, 5).map((byte) => byte >> 4);
  const packed = new Uint8Array(gzipSync(unpacked));
  const zipped: RemoteFile = {
    ...fileOf(packed),
    unpacked: { sizeBytes: unpacked.length, sha256: hashOf(unpacked) },
  };
  const kinds: [name: string, make: (at: number) => Behaviour][] = [
    ['cut', cutAfter],
    ['truncated', truncateTo],
    ['flipped', flipByte],
    ['too long', () => tooLong],
    ['wrong length', wrongLength],
    ['slow', () => slow],
    ['404', () => status(404)],
    ['500', () => status(500)],
    ['redirect', () => redirect],
    ['portal', () => portal],
    ['unreachable', () => unreachable],
    ['no ranges', () => ignoresRanges],
    ['gzip undone', () => gzipUndone(unpacked)],
  ];
  /** What a reader may be told; anything else would be a mistake of ours. */
  const told = /^(network-lost|not-found|server-error|wrong-bytes)$/;

  for (const [what, target, body] of [
    ['a plain file', file, seededBytes(1000)],
    ['a gzipped file', zipped, packed],
  ] as const)
    it(`never end in a wrong byte for ${what}: it comes, or an error says what happened`, async (t) => {
      let recovered = 0;
      const met = new Map<string, number>();
      for (let seed = 1; seed <= 100; seed++) {
        const dice = seededBytes(12, seed * 7919);
        // Every kind comes first in some runs
        const chosen = Array.from({ length: 1 + (dice[0] % 5) }, (_, i) =>
          i === 0 ? kinds[seed % kinds.length] : kinds[dice[2 * i + 1] % kinds.length],
        );
        const script = chosen.map(([, make], i) => make((dice[2 * i + 2] * 4) % body.length));
        for (const [name] of chosen) met.set(name, (met.get(name) ?? 0) + 1);
        const { ports, store } = createFaultyHost(body, script);
        try {
          const came = await download(target, ports);
          const isRight = [target.sha256, target.unpacked?.sha256].includes(hashOf(came));
          assert.ok(isRight, `seed ${seed}: wrong bytes were handed on`);
          recovered++;
        } catch (error) {
          assert.ok(isThawError(error), `seed ${seed}: ${String(error)}`);
          assert.match(error.code, told, `seed ${seed}`);
          assert.match(error.message, /^[A-Z].*\.$/, 'it is no sentence');
          assert.equal(await store.read(target), undefined, `seed ${seed}: a failed file was kept as whole`);
        }
        // Whatever happened: on a line without faults the next try brings the file
        const healed = createFaultyHost(body, [], store);
        const again = hashOf(await download(target, healed.ports));
        assert.ok([target.sha256, target.unpacked?.sha256].includes(again), `seed ${seed}: it did not heal`);
      }
      assert.deepEqual([...met.keys()].sort(), kinds.map(([name]) => name).sort(), 'a kind never came');
      t.diagnostic(`${recovered} of 100 recovered by themselves, the others after trying again`);
      assert.ok(recovered > 35, `${recovered} of 100 recovered`);
    });
});
