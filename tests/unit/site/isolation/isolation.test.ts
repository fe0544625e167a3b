import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createIsolation, type IsolationPorts } from '../../../../src/site/isolation/isolation.ts';

/** A browser tab in memory: what a reload keeps is kept, and the worker isolates the next page if it works. */
function createTab({ workerWorks = true, storage = true, hostIsolates = false } = {}) {
  const memory = () => {
    const values = new Map<string, string>();
    const guard = <T>(value: T): T => {
      if (!storage) throw new DOMException('refused', 'SecurityError');
      return value;
    };
    return {
      getItem: (key: string) => guard(values.get(key) ?? null),
      setItem: (key: string, value: string) => void guard(values.set(key, value)),
      removeItem: (key: string) => void guard(values.delete(key)),
    };
  };
  const tab = { isolated: hostIsolates, registrations: 0, reloads: 0, scrollPx: 0, now: 1e12 };
  const ports: IsolationPorts = {
    isIsolated: () => tab.isolated,
    startWorker: () => {
      tab.registrations++;
      return Promise.resolve();
    },
    session: memory(),
    lasting: memory(),
    scroll: { read: () => tab.scrollPx, restore: (topPx) => void (tab.scrollPx = topPx) },
    reload: () => {
      tab.reloads++;
      tab.scrollPx = 0;
      tab.isolated = hostIsolates || workerWorks;
    },
    now: () => tab.now,
  };
  /** A page load: a new keeper of isolation that resumes. */
  const load = () => {
    const isolation = createIsolation(ports);
    isolation.resume();
    return isolation;
  };
  return { tab, ports, load };
}

test('on a host that isolates nothing is registered and nothing reloads', async () => {
  const { tab, load } = createTab({ hostIsolates: true });
  assert.equal(await load().request(), 'isolated');
  assert.deepEqual([tab.registrations, tab.reloads], [0, 0]);
});

test('one reload, the scroll position kept, isolated afterwards', async () => {
  const { tab, load } = createTab();
  tab.scrollPx = 1234;
  assert.equal(await load().request(), 'reloading');
  assert.equal(tab.scrollPx, 0);
  const after = load();
  assert.equal(tab.scrollPx, 1234);
  assert.equal(await after.request(), 'isolated');
  assert.equal(tab.reloads, 1);
});

test('two figures that ask at once cause one reload', async () => {
  const { tab, load } = createTab();
  const isolation = load();
  assert.deepEqual(await Promise.all([isolation.request(), isolation.request()]), ['reloading', 'reloading']);
  assert.deepEqual([tab.registrations, tab.reloads], [1, 1]);
});

test('a worker that does not isolate is tried once, then left alone for a week', async () => {
  const { tab, load } = createTab({ workerWorks: false });
  assert.equal(await load().request(), 'reloading');
  assert.equal(await load().request(), 'unavailable');
  assert.equal(await load().request(), 'unavailable');
  assert.equal(tab.reloads, 1);
  tab.now += 8 * 24 * 3600 * 1000;
  assert.equal(await load().request(), 'reloading');
});

test('where storage is refused, or the worker, the page stays as it is', async () => {
  const refused = createTab({ storage: false });
  assert.equal(await refused.load().request(), 'unavailable');
  const without = createTab();
  without.ports.startWorker = () => Promise.reject(new Error('none'));
  assert.equal(await without.load().request(), 'unavailable');
  assert.deepEqual([refused.tab.reloads, without.tab.reloads], [0, 0]);
});
