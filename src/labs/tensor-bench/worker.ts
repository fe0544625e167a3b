/** The bench's thread: the reader's code runs here, so that the page never hangs and a run can be ended. */
import { Bench, type BenchAnswer, type BenchRequest } from './bench.ts';

const bench = new Bench();

self.addEventListener('message', ({ data }: MessageEvent<BenchRequest>) => {
  if (data.isFresh) bench.restart();
  const answer: BenchAnswer = { number: data.number, run: bench.run(data.code) };
  self.postMessage(answer);
});
