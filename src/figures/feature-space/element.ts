/** `<thaw-feature-space>`: listens, keeps the state, draws it. Everything that knows the engine is in live.ts. */
import { t } from '../../site/strings.ts';
import { openAddress, type FigureAddress } from '../kit/figure-address.ts';
import { FigureElement } from '../kit/figure-element.ts';
import { readSpaceData, type SpaceData } from './data.ts';
import type { LiveSpace } from './live.ts';
import { firstState, sharedFields, toggleThing, type Shared, type SpaceState } from './model.ts';
import { drawSpace, surface } from './view.ts';

/** How long marks take from one source's map to another's. */
const moveMs = 400;

class FeatureSpace extends FigureElement<SpaceState> {
  // Set by start, before anything can read them
  #data!: SpaceData;
  #address!: FigureAddress<Shared>;
  #live: Promise<LiveSpace> | undefined;
  #drag: { x: number; y: number } | undefined;

  protected start(signal: AbortSignal): SpaceState {
    this.#data = readSpaceData(this);
    const state = firstState(this.#data.frame, this.#data.downloadBytes);
    const { source, seed } = state;
    this.#address = openAddress(this, sharedFields(state.sources), { source, seed });
    this.addEventListener('click', (event) => this.#click(event), { signal });
    this.addEventListener('change', (event) => this.#change(event.target as HTMLElement), { signal });
    this.addEventListener('keydown', (event) => this.#key(event), { signal });
    this.addEventListener('pointerdown', (event) => this.#press(event), { signal });
    this.addEventListener('pointerup', (event) => this.#release(event), { signal });
    return { ...state, ...this.#address.read() };
  }

  protected draw(state: SpaceState): void {
    drawSpace(this, state);
  }

  #click({ target, detail: clicks }: MouseEvent): void {
    const { action, thing } = (target as Element).closest('button')?.dataset ?? {};
    if (thing !== undefined) this.update({ chosen: toggleThing(this.state, thing) });
    if (action === 'run') void this.#run();
    if (action === 'other') {
      this.#share({ seed: (this.state.seed % 999) + 1 });
      void this.#run();
    }
    if (action === 'cancel' && clicks < 2) void this.#live?.then((live) => live.cancel());
  }

  #change(target: HTMLElement): void {
    if (!(target instanceof HTMLInputElement)) return;
    const before = this.#places();
    this.#share({ source: target.value });
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    for (const [mark, from] of before)
      mark.animate([{ transform: from }, { transform: transformOf(mark) }], {
        duration: moveMs,
        easing: 'ease',
      });
  }

  /** Every mark with the place where it stands. */
  #places(): [mark: SVGGElement, transform: string][] {
    return [...this.querySelectorAll<SVGGElement>('.space-map g.pt')].map((mark) => [
      mark,
      transformOf(mark),
    ]);
  }

  /** Arrow keys walk over the drawings, Enter chooses one. */
  #key(event: KeyboardEvent): void {
    const mark = (event.target as Element).closest<SVGGElement>('g.pt');
    if (!mark || event.altKey || event.ctrlKey || event.metaKey) return;
    const { drawings, cursor, chosen } = this.state;
    const last = drawings.length - 1;
    const steps: Partial<Record<string, number>> = {
      ArrowRight: cursor + 1,
      ArrowDown: cursor + 1,
      ArrowLeft: cursor - 1,
      ArrowUp: cursor - 1,
      Home: 0,
      End: last,
    };
    const next = steps[event.key];
    if (next !== undefined) {
      event.preventDefault();
      this.update({ cursor: Math.max(0, Math.min(last, next)) });
      this.querySelector<SVGGElement>(`g.pt[data-key="${this.state.cursor}"]`)?.focus();
    }
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      const rest = [...chosen].filter((place) => place !== cursor);
      this.update({ chosen: new Set(chosen.has(cursor) ? rest : [...rest, cursor]) });
    }
  }

  #press(event: PointerEvent): void {
    const svg = (event.target as Element).closest<SVGSVGElement>('.space-map');
    this.#drag = svg && event.pointerType !== 'touch' ? placeIn(svg, event) : undefined;
  }

  /** Chooses what lies in the box from where the pointer went down; a click alone chooses what it hits. */
  #release(event: PointerEvent): void {
    const from = this.#drag;
    this.#drag = undefined;
    const svg = this.querySelector<SVGSVGElement>('.space-map');
    if (!from || !svg) return;
    const to = placeIn(svg, event);
    const reach = 9;
    const [left, right] = [Math.min(from.x, to.x) - reach, Math.max(from.x, to.x) + reach];
    const [top, bottom] = [Math.min(from.y, to.y) - reach, Math.max(from.y, to.y) + reach];
    const inside = this.#places().flatMap(([mark, transform], at) => {
      const [x, y] = transform.match(/-?[\d.]+/g)?.map(Number) ?? [];
      return mark.isConnected && x > left && x < right && y > top && y < bottom ? [at] : [];
    });
    this.update({ chosen: new Set(inside) });
  }

  #share(change: Partial<SpaceState>): void {
    this.update(change);
    const { source, seed } = this.state;
    this.#address.write({ source, seed });
  }

  async #run(): Promise<void> {
    this.update({ status: this.state.isPrecomputed ? 'loading' : 'running', problem: undefined });
    let live: LiveSpace;
    try {
      this.#live ??= import('./live.ts').then(({ openSpace }) =>
        openSpace({
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
      this.update({
        status: 'failed',
        progress: undefined,
        problem: { message: t('lens.codeLost'), advice: t('lens.codeLostAdvice') },
      });
      return;
    }
    await live.run();
  }
}

/** The mark's place as CSS writes it. */
function transformOf(mark: SVGGElement): string {
  const [x, y] = mark.getAttribute('transform')?.match(/-?[\d.]+/g) ?? ['0', '0'];
  return `translate(${x}px, ${y}px)`;
}

/** Where an event lies on the drawing surface. */
function placeIn(svg: SVGSVGElement, event: PointerEvent): { x: number; y: number } {
  const { left, top, width, height } = svg.getBoundingClientRect();
  return {
    x: ((event.clientX - left) / width) * surface.width,
    y: ((event.clientY - top) / height) * surface.height,
  };
}

if (!customElements.get('thaw-feature-space')) customElements.define('thaw-feature-space', FeatureSpace);
