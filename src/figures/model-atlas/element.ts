/** `<thaw-model-atlas>`: keeps the state, draws it. Its network's description is fetched before it is defined. */
import { openAddress, type FigureAddress } from '../kit/figure-address.ts';
import { csvText } from '../kit/csv.ts';
import { FigureElement } from '../kit/figure-element.ts';
import { formatPercent } from '../kit/format.ts';
import { setText } from '../kit/join.ts';
import { saveFile } from '../kit/save.ts';
import { t } from '../../site/strings.ts';
import { AtlasControls } from './controls.ts';
import { fetchNetwork, fetchNetworks, networkOf, readStart, sideBySide } from './data.ts';
import type { AtlasLive } from './live.ts';
import type { LookHost } from './look.ts';
import {
  boxOf,
  firstState,
  shareOf,
  sharedFields,
  visibleBox,
  type AtlasNetwork,
  type AtlasState,
  type Shared,
} from './model.ts';
import { firstSide, nextSide, sideCells, sideColumns, sortNetworks, type SideState } from './side-state.ts';
import { drawAtlas } from './view.ts';

const tag = 'thaw-model-atlas';
const base = import.meta.env.BASE_URL;

/** Fetches what the atlases of the page draw, then brings them to life. Rejects if it cannot be had. */
export async function defineAtlas(): Promise<void> {
  await fetchNetworks(tag, base);
  if (!customElements.get(tag)) customElements.define(tag, ModelAtlas);
}

type Address = Shared & { network: string };

class ModelAtlas extends FigureElement<AtlasState> {
  // Set by start, before anything can read them
  #address!: FigureAddress<Address>;
  #controls!: AtlasControls;
  #live: Promise<AtlasLive> | undefined;
  /** Ends the worker of the network that was drawn before. */
  #leave = new AbortController();
  #measuring: AbortController | undefined;

  protected start(signal: AbortSignal): AtlasState {
    const { network: id } = readStart(this);
    this.#controls = new AtlasControls(
      {
        root: this,
        read: () => this.state,
        update: (change) => this.update(change),
        shared: () => this.#writeAddress(),
        announce: (text) => this.announce(text),
        look: (action) => void this.#withLive((live) => live.look(action)),
      },
      signal,
    );
    this.addEventListener('change', (event) => this.#change(event.target as HTMLElement), { signal });
    this.addEventListener('click', (event) => this.#click(event.target as Element), { signal });
    const content = sideBySide();
    const state = { ...this.#begin(networkOf(id)), ...(content && { side: firstSide(content) }) };
    const { network: wanted } = this.#address.read();
    if (wanted !== undefined && wanted !== id) queueMicrotask(() => void this.#choose(wanted));
    return state;
  }

  protected draw(state: AtlasState): void {
    drawAtlas(this, state);
  }

  /** The first state of a network, as the address changes it. */
  #begin(network: AtlasNetwork): AtlasState {
    const { network: own, level } = readStart(this);
    const state = firstState(network, level);
    const { open, box, zoom } = state;
    const ids = [...this.querySelectorAll<HTMLOptionElement>('[data-part="network"] option')];
    const fields = {
      ...sharedFields(network),
      network: {
        read: (text: string) => ids.find(({ value }) => value === text)?.value,
        write: (id: string) => id,
      },
    };
    this.#address = openAddress(this, fields, { open, box, zoom, network: own });
    const { network: named = own, ...shared } = this.#address.read();
    if (named !== network.id) return state;
    if (shared.box !== undefined) queueMicrotask(() => this.#controls.bringIntoView(this.state.box));
    return { ...state, ...shared };
  }

  /** Draws another network of the registry. */
  async #choose(id: string): Promise<void> {
    const select = this.querySelector<HTMLSelectElement>('[data-part="network"]');
    try {
      const network = await fetchNetwork(id, base);
      this.#leave.abort();
      this.#leave = new AbortController();
      this.#live = undefined;
      this.update({ strip: undefined, ...this.#begin(network) });
      this.#writeAddress();
      const heaviest = boxOf(network, firstState(network).box);
      const share = formatPercent(shareOf(network, heaviest, 'parameters'), 0);
      const finding = t('atlas.finding', { name: heaviest.label, share });
      setText(this.parentElement?.querySelector('figcaption > b') ?? null, finding);
      this.announce(t('atlas.map', { title: network.title, count: network.boxes.length }));
    } catch {
      const { look } = this.state;
      if (look) this.update({ look: { ...look, problem: t('atlas.codeLost') } });
    }
    if (select) select.value = this.state.network.id;
  }

  #change(target: HTMLElement): void {
    const { part } = target.dataset;
    if (part === 'network' && target instanceof HTMLSelectElement) void this.#choose(target.value);
    if (part !== 'look-picture' || !(target instanceof HTMLInputElement)) return;
    const [picture] = target.files ?? [];
    target.value = '';
    if (picture) void this.#withLive((live) => live.run(picture));
  }

  #click(target: Element): void {
    const { part } = target.closest<HTMLElement>('button')?.dataset ?? {};
    const { side } = this.state;
    if (part === 'look-run') {
      const text = this.querySelector<HTMLTextAreaElement>('[data-part="look-text"]')?.value ?? '';
      void this.#withLive((live) => live.runText(text));
    }
    if (!side) return;
    if (part === 'side-measure') void this.#measure();
    if (part === 'side-csv') {
      const rows = sideCells(sortNetworks(side.networks, side.sort, side.times), side.times);
      saveFile('networks.csv', new Blob([csvText(rows)], { type: 'text/csv' }));
    }
    const heading = target.closest('[data-part="side-table"] thead button')?.parentElement;
    if (heading) {
      const at = [...(heading.parentElement?.children ?? [])].indexOf(heading);
      this.#updateSide({ sort: nextSide(side.sort, sideColumns[at]) });
    }
  }

  #updateSide(change: Partial<SideState>): void {
    const { side } = this.state;
    if (side) this.update({ side: { ...side, ...change } });
  }

  /** Times the networks, or calls that off. */
  async #measure(): Promise<void> {
    if (this.#measuring) {
      this.#measuring.abort();
      return;
    }
    const job = new AbortController();
    this.#measuring = job;
    try {
      const { measureSide } = await import('./side-live.ts');
      const host = {
        read: () => this.state.side,
        update: (change: Partial<SideState>) => this.#updateSide(change),
        announce: (text: string) => this.announce(text),
      };
      await measureSide(host, AbortSignal.any([job.signal, this.signal]));
    } catch {
      this.#updateSide({ problem: t('atlas.codeLost') });
    } finally {
      this.#measuring = undefined;
    }
  }

  /** Does something with the part that reads and runs the network; its code is fetched the first time. */
  async #withLive(act: (live: AtlasLive) => Promise<void>): Promise<void> {
    try {
      const signal = AbortSignal.any([this.#leave.signal, this.signal]);
      this.#live ??= import('./live.ts').then(
        ({ AtlasLive }) => new AtlasLive(this.#hostOf(this.state.network), base, signal),
      );
      await act(await this.#live);
    } catch {
      this.#live = undefined;
      const { look } = this.state;
      if (look) this.update({ look: { ...look, pending: undefined, problem: t('atlas.codeLost') } });
    }
  }

  /** What comes back for a network that is no longer drawn is dropped. */
  #hostOf({ id }: AtlasNetwork): LookHost {
    return {
      read: () => (this.state.network.id === id ? this.state : undefined),
      update: (change) => {
        if (this.state.network.id === id) this.update(change);
      },
    };
  }

  #writeAddress(): void {
    const { network, open, box, zoom } = this.state;
    this.#address.write({ open, box: visibleBox(network, open, box), zoom, network: network.id });
  }
}
