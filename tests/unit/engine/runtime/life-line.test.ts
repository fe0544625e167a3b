import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { holdLife, watchLife } from '../../../../src/engine/runtime/life-line.ts';

/** Locks of one browser: who asks for a held one waits; `end` is what a browser does when the holder dies. */
function fakeLocks() {
  const lines = new Map<string, (() => void)[]>();
  const request = (name: string, ...rest: unknown[]) => {
    const act = rest.at(-1) as () => unknown;
    const line = lines.get(name) ?? [];
    lines.set(name, line);
    return new Promise<void>((resolve) => {
      const grant = () => {
        act();
        resolve();
      };
      line.push(grant);
      if (line.length === 1) grant();
    });
  };
  return { locks: { request } as unknown as LockManager, end: (name: string) => lines.get(name)?.[1]?.() };
}

describe('the life line of a worker', () => {
  it('tells a death of which no event speaks', async () => {
    const { locks, end } = fakeLocks();
    let deaths = 0;
    await holdLife('a', locks);
    await holdLife('b', locks);
    watchLife('a', new AbortController().signal, () => deaths++, locks);
    end('b');
    assert.equal(deaths, 0);
    end('a');
    assert.equal(deaths, 1);
  });

  it('says nothing about a worker that was ended on purpose', async () => {
    const { locks, end } = fakeLocks();
    const ended = new AbortController();
    await holdLife('a', locks);
    watchLife('a', ended.signal, () => assert.fail('nobody asked'), locks);
    ended.abort();
    end('a');
  });

  it('keeps nothing from starting where locks are refused or missing', async () => {
    const refusing = { request: () => Promise.reject(new DOMException('no', 'SecurityError')) };
    await holdLife('a', refusing as unknown as LockManager);
    await holdLife('', fakeLocks().locks);
    watchLife('a', new AbortController().signal, () => assert.fail('unknown'), refusing as never);
    await new Promise(setImmediate);
  });
});
