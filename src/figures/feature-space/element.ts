/** `<thaw-feature-space>`: listens, keeps the state, draws it. Everything that knows the engine is in live.ts. */
import { t } from '../../site/strings.ts';
import { openAddress, type FigureAddress } from '../kit/figure-address.ts';
import { FigureElement } from '../kit/figure-element.ts';
import { listenForDrops } from '../kit/picture-input.ts';
import { readSpaceData, type SpaceData } from './data.ts';
import type { LiveSpace } from './live.ts';
import {
  chosenBy,
  firstState,
  markAt,
  projections,
  sharedFields,
  toggleThing,
  type Place,
  type Shared,
  type SpaceState,
} from './model.ts';
import { placesOnSurface, surface } from './view-map.ts';
import { drawSpace } from './view.ts';

/** How long marks take from one source's map to another's. */
const moveMs = 400;

class FeatureSpace extends FigureElement<SpaceState> {
  // Set by start, before anything can read them
  #data!: SpaceData;
  #address!: FigureAddress<Shared>;
  #live: Promise<LiveSpace> | undefined;

  protected start(signal: AbortSignal): SpaceState {
    this.#data = readSpaceData(this);
    const state = firstState(this.#data.frame, this.#data.downloadBytes);
    const { source, seed } = state;
    this.#address = openAddress(this, sharedFields(state.sources), { source, seed });
    this.addEventListener('click', (event) => this.#click(event), { signal });
    this.addEventListener('change', (event) => this.#change(event.target as HTMLElement), { signal });
    this.addEventListener('keydown', (event) => this.#key(event), { signal });
    this.addEventListener('pointerdown', (event) => this.#press(event), { signal });
    this.addEventListener('pointermove', (event) => this.#drag(event), { signal });
    this.addEventListener('pointerup', () => this.#release(), { signal });
    this.addEventListener('pointercancel', () => this.#release(), { signal });
    this.addEventListener('pointerleave', () => this.#look(undefined), { signal });
    this.addEventListener('focusin', ({ target }) => this.#look(placeOf(target)), { signal });
    this.addEventListener('focusout', ({ target }) => this.#leave(placeOf(target)), { signal });
    const takes = (files: readonly File[]) => void this.#act((live) => live.add(files));
    listenForDrops(this, takes, signal);
    return { ...state, ...this.#address.read() };
  }

  protected draw(state: SpaceState): void {
    drawSpace(this, state);
  }

  #click(event: MouseEvent): void {
    const { target, detail: clicks } = event;
    const { action, thing } = (target as Element).closest('button')?.dataset ?? {};
    if (thing !== undefined) this.update({ chosen: toggleThing(this.state, thing) });
    // a finger hovers over nothing: what it taps is looked at
    const place = this.#drawingAt(event);
    if (place !== undefined) this.#stand(place);
    if (action === 'run') void this.#run();
    if (action === 'other') {
      this.#share({ seed: (this.state.seed % 999) + 1 });
      void this.#run();
    }
    if (action === 'cancel' && clicks < 2) void this.#live?.then((live) => live.cancel());
  }

  /** The drawing that the pointer is on. */
  #drawingAt(event: MouseEvent): number | undefined {
    const svg = (event.target as Element).closest<SVGSVGElement>('.space-map');
    if (!svg) return undefined;
    return placeOf(event.target) ?? markAt(placeIn(svg, event), placesOnSurface(this.state));
  }

  #look(pointed: number | undefined): void {
    if (pointed !== this.state.pointed) this.update({ pointed });
  }

  /** The keyboard leaves a mark, maybe for one that the pointer is on already. */
  #leave(place: number | undefined): void {
    if (place === this.state.pointed) this.#look(undefined);
  }

  /** Moves the keyboard to a drawing. */
  #stand(cursor: number): void {
    this.update({ cursor, pointed: cursor });
    this.querySelector<SVGGElement>(`g.pt[data-key="${cursor}"]`)?.focus();
  }

  #change(target: HTMLElement): void {
    if (!(target instanceof HTMLInputElement)) return;
    if (target.type === 'file') {
      const files = [...(target.files ?? [])];
      // the same file chosen twice must be taken twice
      target.value = '';
      void this.#act((live) => live.add(files));
      return;
    }
    const projection = projections.find((one) => one === target.value);
    if (projection === undefined) this.#move(() => this.#share({ source: target.value }));
    else if (projection === 'pca') this.#move(() => this.update({ projection }));
    else void this.#act(async (live) => this.#show(await live.arrange()));
  }

  #show(umaps: SpaceState['umaps']): void {
    this.#move(() => this.update({ projection: 'umap', umaps }));
  }

  /** Changes the map; its marks go to where they then stand. */
  #move(change: () => void): void {
    const before = this.#places();
    change();
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    for (const [mark, from] of before)
      mark.animate([{ transform: from }, { transform: transformOf(mark) }], {
        duration: moveMs,
        easing: 'ease',
      });
  }

  /** Every picture and mark with the place where it stands. */
  #places(): [mark: SVGGraphicsElement, transform: string][] {
    return [...this.querySelectorAll<SVGGraphicsElement>('.space-map [data-key]')].map((mark) => [
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
      this.#stand(Math.max(0, Math.min(last, next)));
    }
    if (event.key === 'Escape') this.#look(undefined);
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      const rest = [...chosen].filter((place) => place !== cursor);
      this.update({ chosen: new Set(chosen.has(cursor) ? rest : [...rest, cursor]) });
    }
  }

  #press(event: PointerEvent): void {
    const svg = (event.target as Element).closest<SVGSVGElement>('.space-map');
    if (!svg || event.pointerType === 'touch') return;
    // the line ends here even where the pointer comes up elsewhere
    svg.setPointerCapture(event.pointerId);
    this.update({ lasso: [placeIn(svg, event)], pointed: this.#drawingAt(event) });
  }

  #drag(event: PointerEvent): void {
    const svg = this.querySelector<SVGSVGElement>('.space-map');
    const { lasso } = this.state;
    if (svg && lasso.length > 0) this.update({ lasso: [...lasso, placeIn(svg, event)] });
    else this.#look(this.#drawingAt(event));
  }

  /** Chooses what lies inside the line; a click alone chooses what it hits. */
  #release(): void {
    const { lasso, pointed } = this.state;
    if (lasso.length === 0) return;
    this.update({ chosen: chosenBy(lasso, placesOnSurface(this.state), pointed), lasso: [] });
  }

  #share(change: Partial<SpaceState>): void {
    this.update(change);
    const { source, seed } = this.state;
    this.#address.write({ source, seed });
  }

  async #run(): Promise<void> {
    this.update({ status: this.state.isPrecomputed ? 'loading' : 'running', problem: undefined });
    await this.#act((live) => live.run());
  }

  /** Does something with the live part, which is fetched first. */
  async #act(work: (live: LiveSpace) => Promise<void>): Promise<void> {
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
    await work(live);
  }
}

/** The drawing whose picture or mark an event meets. */
function placeOf(target: EventTarget | null): number | undefined {
  const key = (target as Element | null)?.closest('[data-key]')?.getAttribute('data-key');
  return key ? Number(key) : undefined;
}

/** The mark's place as CSS writes it. */
function transformOf(mark: SVGGraphicsElement): string {
  const [x, y] = mark.getAttribute('transform')?.match(/-?[\d.]+/g) ?? ['0', '0'];
  return `translate(${x}px, ${y}px)`;
}

/** Where an event lies on the drawing surface. */
function placeIn(svg: SVGSVGElement, event: MouseEvent): Place {
  const { left, top, width, height } = svg.getBoundingClientRect();
  return [
    ((event.clientX - left) / width) * surface.width,
    ((event.clientY - top) / height) * surface.height,
  ];
}

if (!customElements.get('thaw-feature-space')) customElements.define('thaw-feature-space', FeatureSpace);
