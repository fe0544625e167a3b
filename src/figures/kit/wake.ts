/**
 * A figure sleeps until the reader turns to it. Asleep it is the drawing that the build made, and this file is all the
 * script that it costs. A pointer, the focus or a file coming near wakes it: its code is fetched and takes the drawing over.
 *
 *   asleep → (intent) → waking: what the reader does meanwhile is held back → awake: it is done again, in order
 *
 * A link that carries a figure's state, and the one reload that threads need, wake the figures of the page at once.
 */
import { wasInterrupted } from './interrupted.ts';
import { showWaking } from './waking-sign.ts';

/** Something the reader did while the figure's code was on its way. */
interface Held {
  /** A second press on the same control would undo the first: "Run" has become "Cancel" by then. */
  pressed?: Element | undefined;
  act: () => void;
}

/**
 * Makes every element of this tag wake by `load`, which defines the custom element. After a failed load the next intent tries again.
 * `isWaiting`: it has something to say by itself, and wakes at once.
 */
export function wakeOnIntent(tag: string, load: () => Promise<unknown>, isWaiting = false): void {
  const awake = new AbortController();
  const held: Held[] = [];
  /** What takes away the signs that the reader was heard. */
  const signs: (() => void)[] = [];
  let waking: Promise<void> | undefined;

  function wake(): void {
    waking ??= load().then(
      () => {
        awake.abort();
        for (const remove of signs.splice(0)) remove();
        for (const { act } of held.splice(0)) act();
      },
      () => {
        waking = undefined;
        for (const remove of signs.splice(0)) remove();
        // Silence is right for somebody who only passed by
        if (held.splice(0).length) sayLost(tag);
      },
    );
  }

  const hold: Hold = (event, act, pressed) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!pressed || !held.some((one) => one.pressed === pressed)) held.push({ pressed, act });
    const target = event.target instanceof Element ? event.target : undefined;
    const figure = target?.closest<HTMLElement>(tag) ?? document.querySelector<HTMLElement>(tag);
    if (figure) signs.push(showWaking(figure, pressed ?? target?.closest('button') ?? undefined));
    wake();
  };

  /** Listens on the document, so that figures which come later are heard as well. */
  function listen<K extends keyof DocumentEventMap>(
    type: K,
    act: (event: DocumentEventMap[K]) => void,
  ): void {
    const heard = (event: DocumentEventMap[K]) => {
      if (event.target instanceof Element && event.target.closest(tag)) act(event);
    };
    document.addEventListener(type, heard, { signal: awake.signal, capture: true });
  }

  for (const intent of ['pointerdown', 'focusin', 'dragenter'] as const) listen(intent, wake);
  // Who only passes by gets the code ahead of a press, but not where traffic is to be spared
  const { connection } = navigator as { connection?: { saveData?: boolean } };
  if (!connection?.saveData) listen('pointerover', wake);
  listen('click', (event) => holdClick(event, hold));
  listen('keydown', (event) => holdKey(event, hold));
  for (const change of ['input', 'change'] as const) listen(change, (event) => holdChange(event, hold));
  listen('dragover', acceptFiles);
  listen('drop', (event) => holdFiles(event, event.dataTransfer, event.target ?? document, hold));
  // A paste goes to whatever has the focus; the figure itself decides whether it was meant
  const paste = (event: ClipboardEvent) => holdFiles(event, event.clipboardData, document, hold);
  document.addEventListener('paste', paste, { signal: awake.signal });

  if (isWaiting || location.search || wasInterrupted()) wake();
}

type Hold = (event: Event, act: () => void, pressed?: Element) => void;

/** The figures say in their own markup, in `data-lost`, that their code could not be fetched. */
function sayLost(tag: string): void {
  for (const figure of document.querySelectorAll<HTMLElement>(tag)) {
    const stage = figure.querySelector('[data-part="stage"]');
    if (!stage || stage.querySelector('.problem')) continue;
    // Of the form that the awake figure draws, so that it takes the box over or away
    const box = document.createElement('div');
    box.className = 'problem';
    box.setAttribute('role', 'alert');
    const words = document.createElement('span');
    words.textContent = figure.dataset['lost'] ?? '';
    box.appendChild(document.createElement('p')).append(document.createElement('b'), words);
    stage.prepend(box);
  }
}

function holdClick(event: Event, hold: Hold): void {
  const control = (event.target as Element).closest('button, label, input, select, [role="button"]');
  // These do their own work on a click, without any code of ours; their change is what counts
  if (!control || isSelfWorking(control)) return;
  // A mark of a drawing has no click() of its own
  const click = () => control.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true }));
  hold(event, () => (control instanceof HTMLElement ? control.click() : click()), control);
}

/** Selects, sliders, and files: a browser opens its file dialog only as the direct answer to a click. */
function isSelfWorking(control: Element): boolean {
  const own = control instanceof HTMLLabelElement ? control.control : control;
  return (
    own instanceof HTMLSelectElement || (own instanceof HTMLInputElement && /^(range|file)$/.test(own.type))
  );
}

/** Without this the browser would leave the page for a file that is dropped. */
function acceptFiles(event: DragEvent): void {
  if (event.dataTransfer?.types.includes('Files')) event.preventDefault();
}

/**
 * Arrow keys between pictures, blocks and channels, and what presses or leaves a mark of a drawing; form controls handle
 * their own keys and report a change.
 */
function holdKey(event: KeyboardEvent, hold: Hold): void {
  const { target, key } = event;
  if (!(target instanceof Element) || target.matches('input, select, summary')) return;
  // With a modifier the key is the browser's: Alt and ← goes back a page
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const isPress = target.matches('[role="button"]') && /^(Enter| |Escape)$/.test(key);
  if (!isPress && !/^(Arrow|Home$|End$)/.test(key)) return;
  hold(event, () =>
    target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true })),
  );
}

function holdChange(event: Event, hold: Hold): void {
  const { target, type } = event;
  if (!(target instanceof HTMLInputElement || target instanceof HTMLSelectElement)) return;
  if (target instanceof HTMLInputElement && target.type === 'file') {
    // Its files stay chosen; only the event is told again
    hold(event, () => target.dispatchEvent(new Event(type, { bubbles: true })));
    return;
  }
  const { value } = target;
  const isChecked = target instanceof HTMLInputElement && target.checked;
  hold(event, () => {
    // Waking drew the first state, which may have set the control back
    target.value = value;
    if (target instanceof HTMLInputElement) target.checked = isChecked;
    target.dispatchEvent(new Event(type, { bubbles: true }));
  });
}

function holdFiles(event: Event, data: DataTransfer | null, target: EventTarget, hold: Hold): void {
  const files = [...(data?.files ?? [])];
  if (!files.length) return;
  hold(event, () => {
    const again = new DataTransfer();
    for (const file of files) again.items.add(file);
    const options = { bubbles: true, cancelable: true };
    target.dispatchEvent(
      event.type === 'paste'
        ? new ClipboardEvent('paste', { ...options, clipboardData: again })
        : new DragEvent('drop', { ...options, dataTransfer: again }),
    );
  });
}
