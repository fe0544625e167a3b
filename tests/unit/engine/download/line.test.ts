/** A line that falls silent ends in a sentence; what came is kept, and trying again goes on from there. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { download } from '../../../../src/engine/download/download.ts';
import { createLine } from '../../../../src/engine/download/line.ts';
import { isThawError, type ThawError } from '../../../../src/engine/errors.ts';
import { createFaultyHost, fileOf, seededBytes, silent, stallAfter, type Behaviour } from './faulty-host.ts';
import { createStillClock } from './still-line.ts';

const body = seededBytes(1000);
const file = fileOf(body);

/** A download over a line with a clock of its own, and what became of it. */
function startOn(clock: ReturnType<typeof createStillClock>, script: Behaviour[]) {
  const host = createFaultyHost(body, script, undefined, createLine(clock.now, clock.wait, 20));
  const over: { error?: unknown; bytes?: Uint8Array } = {};
  const settled = download(file, host.ports).then(
    (bytes) => (over.bytes = bytes),
    (error: unknown) => (over.error = error),
  );
  return { ...host, over, settled };
}

describe('a line that falls silent', () => {
  it('is waited for, then ends in a sentence; trying again goes on from there', async () => {
    const clock = createStillClock();
    const { over, store, seen } = startOn(clock, [stallAfter(300)]);
    await clock.pass(0);
    await clock.pass(19_999);
    assert.deepEqual(over, {}, 'it gave up too early');
    await clock.pass(1);
    const error = over.error as ThawError;
    assert.ok(isThawError(error, 'network-lost'));
    assert.equal(
      error.message,
      'Nothing came over the connection for 20 seconds while "weights test" was being downloaded.',
    );
    assert.equal(error.advice, 'Try again: what arrived is kept.');
    assert.equal(error.details['remainingBytes'], 700);
    assert.equal(seen.length, 1, 'it went on behind the reader');

    const again = createFaultyHost(body, [], store);
    assert.deepEqual(await download(file, again.ports), body);
    assert.equal(again.seen[0]?.range, 'bytes=300-');
  });

  it('ends in the same way when not even an answer comes', async () => {
    const clock = createStillClock();
    const { over } = startOn(clock, [silent]);
    await clock.pass(0);
    await clock.pass(20_000);
    assert.ok(isThawError(over.error, 'network-lost'));
    assert.match(over.error.advice, /Check the connection/);
  });

  it('is alive as long as a byte comes now and then', async () => {
    const clock = createStillClock();
    let send: (bytes: Uint8Array) => void = () => undefined;
    const slow: Behaviour = (whole) =>
      new Response(
        new ReadableStream({
          start(controller) {
            let at = 0;
            send = (bytes) => {
              controller.enqueue(bytes);
              at += bytes.length;
              if (at === whole.length) controller.close();
            };
          },
        }),
      );
    const { over, settled } = startOn(clock, [slow]);
    await clock.pass(0);
    for (let at = 0; at < body.length; at += 100) {
      await clock.pass(15_000);
      send(body.slice(at, at + 100));
      await clock.pass(0);
    }
    await settled;
    assert.deepEqual(over.bytes, body);
  });

  it('is alive for a file that waits while another one comes', async () => {
    const clock = createStillClock();
    const line = createLine(clock.now, clock.wait, 20);
    const waiting = createFaultyHost(body, [silent], undefined, line);
    let failed = false;
    download(file, waiting.ports).catch(() => (failed = true));
    await clock.pass(0);
    const other = line.watch(undefined);
    for (let i = 0; i < 4; i++) {
      await clock.pass(15_000);
      await other.hear(Promise.resolve());
    }
    assert.equal(failed, false, 'it was given up although the line was busy');
    await clock.pass(20_000);
    assert.equal(failed, true);
  });

  it('is not mistaken for a download that the reader called off', async () => {
    const clock = createStillClock();
    const { ports } = createFaultyHost(body, [stallAfter(100)], undefined, createLine(clock.now, clock.wait));
    const controller = new AbortController();
    const running = download(file, ports, { signal: controller.signal });
    await clock.pass(0);
    controller.abort();
    await assert.rejects(running, (error) => isThawError(error, 'cancelled'));
    // Nobody watches a request that is over
    await clock.pass(60_000);
  });
});
