/** The camera and the drawing pad of the lens: one at a time, opened and closed by their buttons. */
import type { PictureMaker } from '../kit/camera.ts';

/** Makes the buttons `[data-maker]` of the figure open and close the camera or the pad in `[data-part="maker"]`. */
export function listenForMakers(
  figure: HTMLElement,
  take: (picture: File) => Promise<void>,
  signal: AbortSignal,
): void {
  const box = figure.querySelector<HTMLElement>('[data-part="maker"]');
  if (!box) return;
  let open: { kind: string; maker: PictureMaker } | undefined;

  function close(): void {
    open?.maker.close();
    open = undefined;
  }

  async function toggle(kind: string): Promise<void> {
    const wasOpen = open?.kind === kind;
    close();
    if (!wasOpen && box) {
      box.hidden = false;
      const maker =
        kind === 'camera'
          ? (await import('../kit/camera.ts')).openCamera(box, take, signal)
          : (await import('../kit/drawing-pad.ts')).openDrawingPad(box, take, signal);
      open = { kind, maker };
    } else if (box) box.hidden = true;
    for (const button of figure.querySelectorAll<HTMLElement>('[data-maker]'))
      button.setAttribute('aria-expanded', String(button.dataset['maker'] === open?.kind));
  }

  figure.addEventListener(
    'click',
    ({ target }) => {
      const kind = (target as Element).closest<HTMLElement>('[data-maker]')?.dataset['maker'];
      if (kind) void toggle(kind);
    },
    { signal },
  );
}
