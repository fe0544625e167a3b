// What bench/training.mjs measures of our own trainer: trainings that stand still and take one step when they are asked to.
import { parseCatalogue } from '../src/engine/registry/catalogue.ts';
import { createBrowserRuntime } from '../src/engine/runtime/browser.ts';

const trainings = new Map();
let runtime;

globalThis.trainingBench = {
  /** Opens a training under a name, paused before its first step; `order` as `orders` in bench/training.mjs makes it. */
  async open(name, catalogue, id, order) {
    runtime ??= createBrowserRuntime(parseCatalogue(catalogue), '/', { threads: 1 });
    const model = await runtime.load(id, { backend: 'wasm', precision: 'fp32' });
    const inputs = order.kind === 'resnet' ? { input: waves() } : pieces();
    const labels = Int32Array.from({ length: 16 }, (_, at) => at % 5);
    const task = { classes: ['a', 'b', 'c', 'd', 'e'], train: { inputs, labels } };
    const training = await model.train({ task, settings: order.settings });
    await training.steer('pause');
    const news = [];
    const entry = { training, news, facts: undefined, hear: () => undefined };
    void training
      .drive({
        onNews(one) {
          if (one.kind === 'phase') entry.facts = one.facts;
          else news.push(one.report);
          entry.hear();
        },
      })
      .catch((error) => {
        entry.error = error;
        entry.hear();
      });
    trainings.set(name, entry);
    return model.report;
  },

  /** Takes one step: what it reported. */
  async step(name) {
    const entry = trainings.get(name);
    await entry.training.steer('step');
    while (entry.news.length === 0) {
      if (entry.error) throw entry.error;
      await new Promise((resolve) => (entry.hear = resolve));
    }
    const { elapsedMs, loss, memoryBytes } = entry.news.shift();
    return { ms: elapsedMs, loss, memoryBytes };
  },

  /** What the graphs of a training are. */
  facts: (name) => trainings.get(name).facts,

  /** Puts a training away. */
  async close(name) {
    await trainings.get(name).training.close();
    trainings.delete(name);
  },
};

/** float32 [16, 3, 64, 64]; training/step_times.py makes the same. */
function waves() {
  const data = Float32Array.from({ length: 16 * 3 * 64 * 64 }, (_, i) => 1.5 * Math.sin(i * 0.37));
  return { dtype: 'float32', shape: [16, 3, 64, 64], data };
}

/** int64 [16, 64] each: pieces of the vocabulary, none of them padding; likewise. */
function pieces() {
  const ids = BigInt64Array.from({ length: 16 * 64 }, (_, i) => BigInt(5 + ((i * 7919) % 7990)));
  const ones = new BigInt64Array(16 * 64).fill(1n);
  const tensor = (data) => ({ dtype: 'int64', shape: [16, 64], data });
  return { input_ids: tensor(ids), attention_mask: tensor(ones) };
}
