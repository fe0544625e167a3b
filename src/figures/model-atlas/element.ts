/** `<thaw-model-atlas>`: keeps the state, draws it. Its network's description is fetched before it is defined. */
import { openAddress, type FigureAddress } from '../kit/figure-address.ts';
import { t } from '../../site/strings.ts';
import { FigureElement } from '../kit/figure-element.ts';
import { AtlasControls } from './controls.ts';
import { fetchNetworks, networkOf, readStart } from './data.ts';
import type { AtlasLive } from './live.ts';
import type { LookHost } from './look.ts';
import { firstState, sharedFields, visibleBox, type AtlasState, type Shared } from './model.ts';
import { drawAtlas } from './view.ts';

const tag = 'thaw-model-atlas';
const base = import.meta.env.BASE_URL;

/** Fetches what the atlases of the page draw, then brings them to life. Rejects if it cannot be had. */
export async function defineAtlas(): Promise<void> {
  await fetchNetworks(tag, base);
  if (!customElements.get(tag)) customElements.define(tag, ModelAtlas);
}

class ModelAtlas extends FigureElement<AtlasState> {
  // Set by start, before anything can read it
  #address!: FigureAddress<Shared>;
  #live: Promise<AtlasLive> | undefined;

  protected start(signal: AbortSignal): AtlasState {
    const { network: id, level } = readStart(this);
    const network = networkOf(id);
    const state = firstState(network, level);
    const { open, box, zoom } = state;
    this.#address = openAddress(this, sharedFields(network), { open, box, zoom });
    const controls = new AtlasControls(
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
    this.addEventListener('change', (event) => this.#takePicture(event.target as HTMLElement), { signal });
    const shared = this.#address.read();
    if (shared.box !== undefined) queueMicrotask(() => controls.bringIntoView(this.state.box));
    return { ...state, ...shared };
  }

  protected draw(state: AtlasState): void {
    drawAtlas(this, state);
  }

  #takePicture(target: HTMLElement): void {
    if (!(target instanceof HTMLInputElement) || target.dataset['part'] !== 'look-picture') return;
    const [picture] = target.files ?? [];
    target.value = '';
    if (picture) void this.#withLive((live) => live.run(picture));
  }

  /** Does something with the part that reads and runs the network; its code is fetched the first time. */
  async #withLive(act: (live: AtlasLive) => Promise<void>): Promise<void> {
    try {
      this.#live ??= import('./live.ts').then(
        ({ AtlasLive }) => new AtlasLive(this.#host, base, this.signal),
      );
      await act(await this.#live);
    } catch {
      this.#live = undefined;
      const { look } = this.state;
      if (look) this.update({ look: { ...look, pending: undefined, problem: t('atlas.codeLost') } });
    }
  }

  readonly #host: LookHost = {
    read: () => this.state,
    update: (change) => this.update(change),
  };

  #writeAddress(): void {
    const { network, open, box, zoom } = this.state;
    this.#address.write({ open, box: visibleBox(network, open, box), zoom });
  }
}
