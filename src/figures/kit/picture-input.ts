/** The ways in which a reader hands a figure a picture: choosing a file, dropping one, pasting one. */

/** Listens until the signal aborts; `take` gets each file. `host` gets the class `is-target` while a file hovers over it. */
export function listenForPictures(
  host: HTMLElement,
  file: HTMLInputElement,
  take: (picture: File) => void,
  signal: AbortSignal,
): void {
  file.addEventListener(
    'change',
    () => {
      const picture = file.files?.[0];
      // The same file chosen twice must be taken twice
      if (picture) take(picture);
      file.value = '';
    },
    { signal },
  );
  listenForDrops(host, ([picture]) => take(picture), signal);
  document.addEventListener(
    'paste',
    (event) => {
      const picture = [...(event.clipboardData?.files ?? [])][0];
      if (!picture || !isMeant(host)) return;
      event.preventDefault();
      take(picture);
    },
    { signal },
  );
}

/** Listens for files that are dropped on `host` until the signal aborts; `take` gets at least one. */
export function listenForDrops(
  host: HTMLElement,
  take: (files: [File, ...File[]]) => void,
  signal: AbortSignal,
): void {
  host.addEventListener(
    'dragover',
    (event) => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      host.classList.add('is-target');
    },
    { signal },
  );
  host.addEventListener(
    'dragleave',
    (event) => {
      if (!host.contains(event.relatedTarget as Node | null)) host.classList.remove('is-target');
    },
    { signal },
  );
  host.addEventListener(
    'drop',
    (event) => {
      host.classList.remove('is-target');
      const [first, ...others] = event.dataTransfer?.files ?? [];
      if (!first) return;
      event.preventDefault();
      take([first, ...others]);
    },
    { signal },
  );
}

/** A paste is meant for the figure that has the focus, else for one that crosses the middle of the window. */
function isMeant(host: HTMLElement): boolean {
  const active = document.activeElement;
  if (active && host.contains(active)) return true;
  if (active instanceof HTMLInputElement || active instanceof HTMLTextAreaElement) return false;
  const { top, bottom } = host.getBoundingClientRect();
  const middle = window.innerHeight / 2;
  return top < middle && bottom > middle;
}
