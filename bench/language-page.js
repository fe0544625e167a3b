// What bench/language.mjs measures of our own decoder: how long each piece takes, with everything that the lens reads but without its drawing.
import { parseCatalogue } from '../src/engine/registry/catalogue.ts';
import { createBrowserRuntime } from '../src/engine/runtime/browser.ts';
import { openGptReader } from '../src/labs/gpt-lens/reader.ts';

let reader;

globalThis.languageBench = {
  /** Loads the decoder into a runtime of so many threads. */
  async load(catalogue, decoder, threads) {
    const runtime = createBrowserRuntime(parseCatalogue(catalogue), '/', { threads });
    reader = await openGptReader(runtime, decoder, { backend: 'wasm' });
    return reader.model.report;
  },

  /** Writes from an empty text until the places are full: milliseconds of each piece, drawn and read; the first stands at place 1. */
  async write(seed) {
    const settings = { temperature: 1, topK: 40, topP: 1, seed };
    const written = [];
    const times = [];
    await reader.read({ text: '', written, place: -1 });
    for (;;) {
      const startedAt = performance.now();
      const drawn = reader.draw(settings);
      if (drawn.end === 'full') return times;
      // A text may end at any place; the cost of places is what is asked here
      written.push(drawn.id ?? 5);
      await reader.read({ text: '', written, place: -1 });
      times.push(performance.now() - startedAt);
    }
  },
};
