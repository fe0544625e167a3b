/** Freezing and thawing by hand: a press, a drag over several blocks, arrow keys from block to block. */

export interface BlockHost {
  isThawed: (id: string) => boolean;
  thaw: (ids: readonly string[], isThawed: boolean) => void;
}

/** Listens on the blocks of `figure` until the signal aborts. Touch drags scroll the page, so a finger taps. */
export function listenForBlocks(figure: HTMLElement, host: BlockHost, signal: AbortSignal): void {
  let drag: { id: string; isThawed: boolean; hasMoved: boolean } | undefined;

  const blockAt = (target: EventTarget | null): string | undefined => {
    const toggle = target instanceof Element ? target.closest('button.toggle') : null;
    return toggle?.closest<HTMLElement>('li.block')?.dataset['key'];
  };

  figure.addEventListener(
    'pointerdown',
    ({ target, pointerType, button }) => {
      const id = blockAt(target);
      drag =
        id === undefined || pointerType === 'touch' || button !== 0
          ? undefined
          : { id, isThawed: !host.isThawed(id), hasMoved: false };
    },
    { signal },
  );
  figure.addEventListener(
    'pointerover',
    ({ target, buttons }) => {
      const id = blockAt(target);
      if (!drag || id === undefined || (buttons & 1) === 0 || (id === drag.id && !drag.hasMoved)) return;
      const ids = drag.hasMoved ? [id] : [drag.id, id];
      drag.hasMoved = true;
      host.thaw(ids, drag.isThawed);
    },
    { signal },
  );
  figure.addEventListener(
    'click',
    ({ target }) => {
      const hasMoved = drag?.hasMoved ?? false;
      drag = undefined;
      const id = blockAt(target);
      // the end of a drag is no press
      if (id !== undefined && !hasMoved) host.thaw([id], !host.isThawed(id));
    },
    { signal },
  );
  figure.addEventListener('keydown', (event) => move(figure, event), { signal });
}

function move(figure: HTMLElement, event: KeyboardEvent): void {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const toggles = [...figure.querySelectorAll<HTMLElement>('button.toggle')];
  const at = toggles.indexOf(event.target as HTMLElement);
  if (at < 0) return;
  const last = toggles.length - 1;
  const targets: Partial<Record<string, number>> = {
    ArrowLeft: at - 1,
    ArrowUp: at - 1,
    ArrowRight: at + 1,
    ArrowDown: at + 1,
    Home: 0,
    End: last,
  };
  const next = targets[event.key];
  if (next === undefined) return;
  event.preventDefault();
  toggles[Math.max(0, Math.min(last, next))].focus();
}
