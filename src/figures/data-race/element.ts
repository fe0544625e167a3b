/** `<thaw-data-race>`: listens, keeps the state, draws it. Everything that knows the engine is in live.ts. */
import { raceSizes } from '../../labs/data-race/plan.ts';
import { t } from '../../site/strings.ts';
import { openAddress, type FigureAddress } from '../kit/figure-address.ts';
import { FigureElement } from '../kit/figure-element.ts';
import { saveFile } from '../kit/save.ts';
import { raceCsv } from './csv.ts';
import { readRaceData, type RaceData } from './data.ts';
import type { LiveRace } from './live.ts';
import {
  firstState,
  sharedFields,
  sharedOf,
  shownRuns,
  toggleChoice,
  withShared,
  type RaceState,
  type Shared,
} from './model.ts';
import { drawRace } from './view.ts';

class DataRace extends FigureElement<RaceState> {
  // Set by start, before anything can read them
  #data!: RaceData;
  #address!: FigureAddress<Shared>;
  #live: Promise<LiveRace> | undefined;

  protected start(signal: AbortSignal): RaceState {
    this.#data = readRaceData(this);
    const state = firstState(this.#data.frame, this.#data.downloadBytes);
    this.#address = openAddress(this, sharedFields, sharedOf(state));
    this.addEventListener('click', (event) => this.#click(event), { signal });
    this.addEventListener('change', (event) => this.#change(event.target as HTMLElement), { signal });
    return withShared(state, this.#address.read());
  }

  protected draw(state: RaceState): void {
    drawRace(this, state);
  }

  #click({ target, detail: clicks }: MouseEvent): void {
    const action = (target as Element).closest<HTMLElement>('[data-action]')?.dataset['action'];
    if (action === 'run') void this.#run();
    if (action === 'restart') {
      this.update({ runs: [] });
      void this.#run();
    }
    // The second half of a double click on "Run" meets "Stop", which the reader never meant
    if ((action === 'stop' || action === 'cancel') && clicks < 2)
      void this.#live?.then((live) => live.stop());
    if (action === 'csv') {
      const { network } = this.state;
      const text = raceCsv(network, shownRuns(this.state));
      saveFile('data-race.csv', new Blob([text], { type: 'text/csv' }));
    }
  }

  #change(target: HTMLElement): void {
    const { choice } = this.state;
    if (target instanceof HTMLInputElement && 'choice' in target.dataset)
      this.#share({ choice: toggleChoice(choice, target.value, target.checked) });
    if (target instanceof HTMLInputElement && 'at' in target.dataset) {
      const at = raceSizes.find((size) => String(size) === target.value);
      if (at) this.#share({ at });
    }
    if (target instanceof HTMLSelectElement)
      this.#share({ choice: { ...choice, seeds: Number(target.value) } });
  }

  #share(change: Partial<RaceState>): void {
    this.update(change);
    this.#address.write(sharedOf(this.state));
  }

  /** Starts or goes on; the status changes at once, before any code has come. */
  async #run(): Promise<void> {
    this.update({ status: this.state.backend ? 'running' : 'loading', problem: undefined });
    let live: LiveRace;
    try {
      this.#live ??= import('./live.ts').then(({ openRace }) =>
        openRace({
          data: this.#data,
          signal: this.signal,
          read: () => this.state,
          update: (change) => this.update(change),
          announce: (text) => this.announce(text),
        }),
      );
      live = await this.#live;
    } catch {
      this.#live = undefined;
      const problem = { message: t('lens.codeLost'), advice: t('lens.codeLostAdvice') };
      this.update({ status: 'failed', progress: undefined, problem });
      return;
    }
    await live.run();
  }
}

if (!customElements.get('thaw-data-race')) customElements.define('thaw-data-race', DataRace);
