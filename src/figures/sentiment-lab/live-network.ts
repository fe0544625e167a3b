/** The figure's network: fetched when a run needs it, put away when something ended it, and found again on what still works. */
import { isThawError } from '../../engine/errors.ts';
import { fetchCatalogue } from '../../engine/registry/catalogue.ts';
import { wantsIsolation } from '../../engine/runtime/backend.ts';
import { browserCapabilities, sharedRuntime } from '../../engine/runtime/browser.ts';
import type { LoadedModel } from '../../engine/runtime/types.ts';
import { openTextReader } from '../../labs/sentiment/run.ts';
import type { TextReader } from '../../labs/sentiment/text-batch.ts';
import type { FigureHost } from '../kit/live-figure.ts';
import { loadNetwork } from '../kit/load-network.ts';
import { reloadsForThreads } from '../kit/reload-for-threads.ts';
import type { SentimentData } from './data.ts';
import type { SentimentState } from './model.ts';

/** What the live part needs from its element. */
export interface LiveHost extends FigureHost<SentimentState> {
  /** Under this name the reader's table and sentence wait out a reload. */
  key: string;
  data: SentimentData;
}

/** What waits out a reload. */
export type Kept = Pick<SentimentState, 'settings' | 'own' | 'sentence'> & { isFilling: boolean };

export interface Loaded {
  model: LoadedModel;
  reader: TextReader;
  backend: SentimentState['backend'];
  start: SentimentState['settings']['start'];
}

/** The network of one figure. */
export class LiveNetwork {
  readonly #host: LiveHost;
  #loaded: Loaded | undefined;

  constructor(host: LiveHost) {
    this.#host = host;
  }

  /** What was loaded last and still stands. */
  get loaded(): Loaded | undefined {
    return this.#loaded;
  }

  /** Puts the network away: the next run begins with one of its own. */
  forget(): void {
    this.#loaded = undefined;
  }

  /** The network that the settings begin with, on this backend. */
  async load(backend: SentimentState['backend'], signal: AbortSignal): Promise<Loaded> {
    const { update, data, read } = this.#host;
    const { start } = read().settings;
    if (this.#loaded?.backend === backend && this.#loaded.start === start) return this.#loaded;
    const { model, where, notice } = await loadNetwork(
      { ...data.networks[start], modelId: start, backend, signal },
      (progress) => update({ progress }),
    );
    this.#loaded = { model, reader: openTextReader(model), backend, start };
    update({ where, notice });
    return this.#loaded;
  }

  /** Whether the page reloads before the first load, for threads, which reading sentences uses; what the reader has made comes back. */
  async reloads(isFilling: boolean): Promise<boolean> {
    if (this.#loaded) return false;
    const { data, key, read } = this.#host;
    const { settings, own, sentence, backend } = read();
    const catalogue = await fetchCatalogue(data.networks[settings.start].catalogue);
    const runtime = sharedRuntime(catalogue, import.meta.env.BASE_URL);
    const { backend: chosen } = await runtime.planDownload(settings.start, backend);
    const kept: Kept = { settings, own, sentence, isFilling };
    return wantsIsolation(await browserCapabilities(), chosen) && reloadsForThreads(key, kept);
  }

  /** The network on WASM after a failure on WebGPU, or once in fresh memory; undefined where that was tried already. */
  async rescue(error: unknown, failed: LoadedModel, signal: AbortSignal): Promise<LoadedModel | undefined> {
    const isFirst = this.#loaded?.model === failed;
    const mayHelp = failed.report.backend === 'webgpu' || isThawError(error, 'out-of-memory');
    if (!isFirst || !mayHelp) return undefined;
    this.#loaded = undefined;
    return (await this.load('wasm', signal)).model;
  }
}
