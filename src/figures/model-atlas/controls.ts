/** What a reader does with an atlas, turned into its state. */
import { t } from '../../site/strings.ts';
import { formatCount } from '../kit/format.ts';
import { arrangeApart } from './arrange-apart.ts';
import { arrange } from './arrange.ts';
import {
  boxOf,
  canOpen,
  columns,
  levels,
  nextSort,
  openAtLevel,
  outputOf,
  pathTo,
  reveal,
  search,
  toggle,
  visibleBox,
  zoomRange,
  type AtlasState,
  type LookAction,
} from './model.ts';
import { centre, listenForGestures, type Place } from './gestures.ts';
import { covers, isLarge, stripAround } from './in-view.ts';
import { boxUnder, fittingZoom } from './map-places.ts';
import { saveAtlas } from './save.ts';
import { arrows, step } from './walk.ts';
import { sayKind, sayShape } from './words.ts';

const everything = { top: -Infinity, bottom: Infinity };
/** One press on + or −. */
const zoomStep = 1.25;

/** What the controls need from the element that holds an atlas. */
export interface AtlasHost {
  /** Holds the atlas's shell and nothing of another atlas. */
  root: HTMLElement;
  /** The state now. */
  read: () => AtlasState;
  /** Replaces the state and draws it. */
  update: (change: Partial<AtlasState>) => void;
  /** Called after a change of what can be shared: what is open, which box, how large. */
  shared: () => void;
  announce: (text: string) => void;
  /** Does what the panel of tensors asks for, where the figure can. */
  look?: (action: LookAction) => void;
}

/** Everything that a reader can do with an atlas, by mouse, touch and keys. Listens until the signal aborts. */
export class AtlasControls {
  readonly #host: AtlasHost;
  /** What was last asked to be open; a layout that comes later than the next question is dropped. */
  #wanted: ReadonlySet<string> | undefined;

  constructor(host: AtlasHost, signal: AbortSignal) {
    this.#host = host;
    const { root } = host;
    root.addEventListener('click', (event) => this.#click(event.target as Element), { signal });
    root.addEventListener('change', (event) => void this.#change(event.target as HTMLElement), { signal });
    root.addEventListener('input', (event) => this.#search(event.target as HTMLElement), { signal });
    root.addEventListener('keydown', (event) => this.#key(event), { signal });
    root.addEventListener('focusin', (event) => this.#focused(event.target as Element), { signal });
    root.addEventListener('pointerover', (event) => this.#point(event), { signal });
    root.addEventListener('pointerleave', () => this.#hover(undefined), { signal });
    root.addEventListener('toggle', (event) => this.#opened(event.target as Element), {
      signal,
      capture: true,
    });
    const scroll = this.#part('scroll');
    scroll?.addEventListener('scroll', () => this.#follow(), { signal, passive: true });
    if (scroll) listenForGestures(scroll, (factor, around) => this.#zoomAt(factor, around), signal);
  }

  /** Moves the drawing inside its box, and leaves the page where it is. */
  bringIntoView(id: string): void {
    this.#draw(id);
    const scroll = this.#part('scroll');
    const mark = this.#markOf(id);
    if (scroll && mark) centre(scroll, mark);
  }

  get #state(): AtlasState {
    return this.#host.read();
  }

  /** Changes what can be shared. */
  #share(change: Partial<AtlasState>): void {
    this.#host.update(change);
    this.#follow();
    this.#host.shared();
  }

  #part(name: string): HTMLElement | null {
    return this.#host.root.querySelector(`[data-part="${name}"]`);
  }

  /** Gives a box of a large drawing its mark, wherever it is. */
  #draw(id: string): void {
    const { network, open } = this.#state;
    if (this.#markOf(id)) return;
    const placed = arrange(network, open).boxes.find(({ box }) => box.id === id);
    if (placed) this.#host.update({ strip: stripAround({ top: placed.y, bottom: placed.y }) });
  }

  #markOf(id: string): SVGGElement | undefined {
    return [...this.#host.root.querySelectorAll<SVGGElement>('g.box')].find(
      (mark) => mark.dataset['key'] === id,
    );
  }

  #click(target: Element): void {
    const id = target.closest<SVGGElement>('g.box')?.dataset['key'];
    if (id !== undefined) this.#toggle(id);
    const found = target.closest<HTMLElement>('[data-part="found"] button')?.dataset['key'];
    if (found !== undefined) this.#goTo(found);
    const heading = target.closest('[data-part="table"] thead button')?.parentElement;
    if (heading) this.#sort([...(heading.parentElement?.children ?? [])].indexOf(heading));
    const acts: Partial<Record<string, () => void>> = {
      'zoom-in': () => this.#zoom(this.#state.zoom * zoomStep),
      'zoom-out': () => this.#zoom(this.#state.zoom / zoomStep),
      fit: () => this.#fit(),
      toggle: () => this.#toggle(this.#state.box),
      csv: () => this.#save('csv'),
      svg: () => this.#save('svg'),
      png: () => this.#save('png'),
    };
    const { part = '', look } = target.closest<HTMLElement>('button')?.dataset ?? {};
    acts[part]?.();
    if (look === 'weights' || look === 'values' || look === 'time') this.#host.look?.(look);
  }

  #toggle(id: string): void {
    const { network } = this.#state;
    const box = boxOf(network, id);
    this.#share({ ...toggle(this.#state, id), hover: undefined });
    if (!canOpen(box)) return;
    const isOpen = this.#state.open.has(id);
    const count = formatCount(network.boxes.filter(({ parent }) => parent === id).length);
    this.#host.announce(
      isOpen
        ? t('atlas.announceOpen', { name: box.label, count })
        : t('atlas.announceClosed', { name: box.label }),
    );
  }

  /** Opens what is around a box, chooses it and brings it into view. */
  #goTo(id: string): void {
    this.#share({ ...reveal(this.#state, id), hover: undefined });
    this.#focus(id);
  }

  #focus(id: string): void {
    this.#draw(id);
    const mark = this.#markOf(id);
    mark?.focus({ preventScroll: true });
    mark?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }

  async #change(target: HTMLElement): Promise<void> {
    const level = levels.find((word) => target.matches(`input[type="radio"][value="${word}"]`));
    if (!level) return;
    const { network } = this.#state;
    const open = openAtLevel(network, level);
    this.#wanted = open;
    await arrangeApart(network, open);
    if (this.#wanted !== open || this.#state.network !== network) return;
    this.#share({ open, box: visibleBox(network, open, this.#state.box) });
    this.bringIntoView(this.#state.box);
  }

  #search(target: HTMLElement): void {
    if (target !== this.#part('search') || !(target instanceof HTMLInputElement)) return;
    this.#host.update({ query: target.value });
    const count = search(this.#state).length;
    if (target.value.trim()) this.#host.announce(t('atlas.found', { count: formatCount(count) }));
  }

  #sort(at: number): void {
    this.#host.update({ sort: nextSort(this.#state.sort, columns[at]) });
  }

  #key(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const target = event.target as Element;
    if (target === this.#part('search')) {
      const [first] = event.key === 'Enter' ? search(this.#state) : [];
      if (first) this.#goTo(first.id);
      return;
    }
    const id = target.closest<SVGGElement>('g.box')?.dataset['key'];
    if (id !== undefined && this.#keyOnBox(event.key, id)) event.preventDefault();
  }

  /** Does what the key means on a box; false if it means nothing. */
  #keyOnBox(key: string, id: string): boolean {
    const { network, open, zoom } = this.#state;
    const direction = arrows[key];
    const drawing = direction || key === 'Home' || key === 'End' ? arrange(network, open) : undefined;
    if (drawing && direction) this.#focus(step(drawing, id, direction));
    else if (drawing) this.#focus(drawing.boxes.at(key === 'Home' ? 0 : -1)?.box.id ?? id);
    else if (key === 'Enter' || key === ' ') this.#toggle(id);
    else if (key === 'Escape') this.#closeAround(id);
    else if (key === '+' || key === '=') this.#zoom(zoom * zoomStep);
    else if (key === '-') this.#zoom(zoom / zoomStep);
    else return false;
    return true;
  }

  /** Closes the box if it is open, else the one around it. */
  #closeAround(id: string): void {
    const { network, open } = this.#state;
    const target = open.has(id) ? id : pathTo(network, id).at(-1)?.id;
    if (target === undefined) return;
    this.#toggle(target);
    this.#focus(target);
  }

  /** The focused box is the chosen one. */
  #focused(target: Element): void {
    const id = target.closest<SVGGElement>('g.box')?.dataset['key'];
    if (id === undefined || id === this.#state.box) return;
    // A press may become a drag; if not, its click chooses the box
    if (this.#part('scroll')?.matches(':active')) return;
    const { network } = this.#state;
    const box = boxOf(network, id);
    this.#share({ box: id });
    const shape = sayShape(outputOf(network, box).shape);
    this.#host.announce(t('atlas.announce', { name: box.label, what: sayKind(box), shape }));
  }

  /** A long table is drawn when it is opened. */
  #opened(details: Element): void {
    if (details.querySelector('[data-part="table"]')) this.#host.update({});
  }

  #point(event: PointerEvent): void {
    if (event.pointerType !== 'mouse' || event.buttons !== 0) return;
    this.#hover((event.target as Element).closest<SVGGElement>('g.box')?.dataset['key']);
  }

  #hover(hover: string | undefined): void {
    if (hover !== this.#state.hover) this.#host.update({ hover });
  }

  /** Changes the size; what is at `around` on the screen stays there. */
  #zoom(wanted: number, around?: Place): void {
    const before = this.#state.zoom;
    const zoom = Math.max(zoomRange.least, Math.min(zoomRange.most, wanted));
    this.#share({ zoom });
    const scroll = this.#part('scroll');
    if (!scroll || !around) return;
    const { left, top } = scroll.getBoundingClientRect();
    const grown = zoom / before - 1;
    scroll.scrollLeft += (scroll.scrollLeft + around.x - left) * grown;
    scroll.scrollTop += (scroll.scrollTop + around.y - top) * grown;
  }

  /** Zooming far into a closed box opens it, zooming far out of an open one closes it; either starts from the true size again. */
  #zoomAt(factor: number, around: Place): void {
    const wanted = this.#state.zoom * factor;
    const id = factor > 1 ? this.#boxAt(around, false) : this.#boxAt(around, true);
    const isFar = factor > 1 ? wanted >= zoomRange.opens : wanted <= zoomRange.closes;
    if (id === undefined || !isFar) {
      this.#zoom(wanted, around);
      return;
    }
    this.#toggle(id);
    this.#zoom(1, around);
    this.bringIntoView(id);
  }

  #boxAt(place: Place, isOpen: boolean): string | undefined {
    const map = this.#host.root.querySelector<SVGSVGElement>('svg.atlas-map');
    return map ? boxUnder(map, this.#state, place, isOpen) : undefined;
  }

  #fit(): void {
    const scroll = this.#part('scroll');
    const map = this.#host.root.querySelector('svg.atlas-map');
    if (scroll && map) this.#zoom(fittingZoom(scroll, map, this.#state.zoom));
  }

  #save(kind: 'csv' | 'svg' | 'png'): void {
    const { strip } = this.#state;
    // A file holds the whole drawing
    if (kind !== 'csv') this.#host.update({ strip: everything });
    const map = this.#host.root.querySelector<SVGSVGElement>('svg.atlas-map');
    saveAtlas(kind, this.#state, map, () => this.#host.announce(t('atlas.pngFailed')));
    if (kind !== 'csv') this.#host.update({ strip });
  }

  /** Draws the part of a large drawing that the reader has come to. */
  #follow(): void {
    const { network, open, zoom, strip } = this.#state;
    const scroll = this.#part('scroll');
    if (!scroll || !isLarge(arrange(network, open))) return;
    const window = { top: scroll.scrollTop / zoom, bottom: (scroll.scrollTop + scroll.clientHeight) / zoom };
    if (!covers(strip, window)) this.#host.update({ strip: stripAround(window) });
  }
}
