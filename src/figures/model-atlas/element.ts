/** `<thaw-model-atlas>`: keeps the state, draws it. Its network's description is fetched before it is defined. */
import { openAddress, type FigureAddress } from '../kit/figure-address.ts';
import { FigureElement } from '../kit/figure-element.ts';
import { AtlasControls } from './controls.ts';
import { fetchNetworks, networkOf, readStart } from './data.ts';
import { firstState, sharedFields, visibleBox, type AtlasState, type Shared } from './model.ts';
import { drawAtlas } from './view.ts';

const tag = 'thaw-model-atlas';

/** Fetches what the atlases of the page draw, then brings them to life. Rejects if it cannot be had. */
export async function defineAtlas(): Promise<void> {
  await fetchNetworks(tag, import.meta.env.BASE_URL);
  if (!customElements.get(tag)) customElements.define(tag, ModelAtlas);
}

class ModelAtlas extends FigureElement<AtlasState> {
  // Set by start, before anything can read it
  #address!: FigureAddress<Shared>;

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
      },
      signal,
    );
    const shared = this.#address.read();
    if (shared.box !== undefined) queueMicrotask(() => controls.bringIntoView(this.state.box));
    return { ...state, ...shared };
  }

  protected draw(state: AtlasState): void {
    drawAtlas(this, state);
  }

  #writeAddress(): void {
    const { network, open, box, zoom } = this.state;
    this.#address.write({ open, box: visibleBox(network, open, box), zoom });
  }
}
