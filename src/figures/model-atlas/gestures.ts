/** Moving and enlarging the drawing by mouse, trackpad and fingers; its window scrolls by itself, keys are the element's. */

/** A place on the screen, in client coordinates. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** So many pixels make a press a drag. */
const dragFrom = 4;

/** Growth for one pixel of a turned wheel. */
const wheelRate = 0.005;

/**
 * Listens on the drawing's window: a mouse drags it, the wheel with Ctrl (a pinch on a trackpad) and two fingers ask
 * `zoom` to change the size by a factor around a place.
 */
export function listenForGestures(
  scroll: HTMLElement,
  zoom: (factor: number, around: Place) => void,
  signal: AbortSignal,
): void {
  const fingers = new Map<number, Place>();
  let drag: (Place & { left: number; top: number; hasMoved: boolean }) | undefined;
  const at = ({ clientX: x, clientY: y }: MouseEvent): Place => ({ x, y });

  scroll.addEventListener(
    'wheel',
    (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      zoom(Math.exp(-event.deltaY * wheelRate), at(event));
    },
    { signal, passive: false },
  );
  scroll.addEventListener(
    'pointerdown',
    (event) => {
      if (event.pointerType === 'touch') fingers.set(event.pointerId, at(event));
      else if (event.button === 0)
        drag = { ...at(event), left: scroll.scrollLeft, top: scroll.scrollTop, hasMoved: false };
    },
    { signal },
  );
  scroll.addEventListener(
    'pointermove',
    (event) => {
      if (fingers.has(event.pointerId)) pinch(event);
      else if (drag && event.buttons === 1) pull(drag, event);
    },
    { signal },
  );
  for (const end of ['pointerup', 'pointercancel'] as const)
    scroll.addEventListener(end, ({ pointerId }) => fingers.delete(pointerId), { signal });
  // The click that ends a drag opens nothing
  scroll.addEventListener(
    'click',
    (event) => {
      if (drag?.hasMoved) event.stopPropagation();
      drag = undefined;
    },
    { signal, capture: true },
  );

  function pull(from: NonNullable<typeof drag>, event: PointerEvent): void {
    const { x, y } = at(event);
    if (!from.hasMoved && Math.hypot(x - from.x, y - from.y) < dragFrom) return;
    if (!from.hasMoved) scroll.setPointerCapture(event.pointerId);
    from.hasMoved = true;
    scroll.scrollLeft = from.left + from.x - x;
    scroll.scrollTop = from.top + from.y - y;
  }

  function pinch(event: PointerEvent): void {
    const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
    const before = fingers.get(event.pointerId);
    const now = at(event);
    fingers.set(event.pointerId, now);
    if (!other || !before) return;
    const reach = (place: Place): number => Math.hypot(place.x - other.x, place.y - other.y);
    if (reach(before) === 0) return;
    zoom(reach(now) / reach(before), { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 });
  }
}

/** Scrolls a mark into the middle of the drawing's window; the page stays where it is. */
export function centre(scroll: HTMLElement, mark: Element): void {
  const [place, frame] = [mark.getBoundingClientRect(), scroll.getBoundingClientRect()];
  scroll.scrollLeft += place.left + place.width / 2 - frame.left - frame.width / 2;
  scroll.scrollTop += place.top + place.height / 2 - frame.top - frame.height / 2;
}
