// How long the page's main thread is held up at a stretch, from the browser's own trace.

const categories = ['toplevel', 'devtools.timeline', 'disabled-by-default-devtools.timeline'];

/** Does the work and tells the longest task of the page's main thread meanwhile: milliseconds on the clock, and on the processor. */
export async function longestTask(browser, page, work) {
  await browser.startTracing(page, { categories });
  await work();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  const threadOf = ({ pid, tid }) => `${pid} ${tid}`;
  const main = new Set(
    traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain')
      .map(threadOf),
  );
  const tasks = traceEvents.filter(
    (event) => event.ph === 'X' && event.name.endsWith('RunTask') && main.has(threadOf(event)),
  );
  if (tasks.length === 0) throw new Error('The trace names no task of a main thread.');
  const longest = tasks.reduce((most, task) => (task.dur > most.dur ? task : most));
  const processor = Math.max(...tasks.map(({ tdur = 0 }) => tdur));
  return { ms: longest.dur / 1000, processorMs: processor / 1000 };
}
