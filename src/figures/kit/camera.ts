/** The reader's camera as a source of pictures. Frames go to the figure in this page and nowhere else; nothing is kept. */
import { t } from '../../site/strings.ts';
import { setText } from './join.ts';

/** Edge of the square that is cut from the middle of a frame, in pixels. */
const edge = 256;
/** Shortest time from one frame to the next while it keeps looking; a phone stays cool. */
const pauseMs = 250;

/** What can be opened in a figure to make a picture, and closed again. */
export interface PictureMaker {
  close: () => void;
}

/**
 * Shows the camera in `box` with "take a picture" and "keep looking". The camera stops when it is closed or the signal
 * aborts, and while the page is hidden or the figure is out of sight: its light goes off until the reader is back. A refusal
 * is told in the box.
 * @param take gets each picture and resolves when the figure is ready for the next
 */
export function openCamera(
  box: HTMLElement,
  take: (picture: File) => Promise<void>,
  signal: AbortSignal,
): PictureMaker {
  const ending = new AbortController();
  const over = AbortSignal.any([signal, ending.signal]);
  box.innerHTML = `<div class="camera"><video class="camera-view" playsinline muted aria-label="${t('camera.view')}"></video>
<div class="maker-acts"><button type="button" class="btn" data-camera="take">${t('camera.take')}</button>
<label class="maker-check"><input type="checkbox" data-camera="keep">${t('camera.keep')}</label>
<p class="small" role="status" data-camera="says">${t('camera.asking')}</p></div></div>`;
  const part = (name: string) => box.querySelector<HTMLElement>(`[data-camera="${name}"]`);
  const [button, keep] = [part('take') as HTMLButtonElement, part('keep') as HTMLInputElement];
  const video = box.querySelector('video') as HTMLVideoElement;
  const says = part('says');
  button.disabled = keep.disabled = true;
  let stream: MediaStream | undefined;
  let isSeen = true;
  let isBusy = false;
  /** Asking, or told that there is none: not to be asked again. */
  let isAsked = false;
  const watch = new IntersectionObserver((entries) => {
    isSeen = entries.at(-1)?.isIntersecting ?? true;
    attend();
  });
  watch.observe(box);
  document.addEventListener('visibilitychange', attend, { signal: over });

  function isWanted(): boolean {
    return isSeen && !document.hidden && !over.aborted;
  }

  /** Starts the camera when somebody looks, lets go of it when nobody does. */
  function attend(): void {
    if (isWanted() && !stream && !isAsked) void start();
    if (!isWanted() && stream) {
      release();
      setText(says, t('camera.rests'));
    }
  }

  async function start(): Promise<void> {
    isAsked = true;
    try {
      // Absent on pages that came without encryption
      const devices = navigator.mediaDevices as MediaDevices | undefined;
      if (!devices) throw new DOMException('', 'SecurityError');
      stream = await devices.getUserMedia({ video: { facingMode: 'environment', width: { ideal: 640 } } });
      isAsked = false;
      if (!isWanted()) {
        release();
        return;
      }
      video.srcObject = stream;
      await video.play();
      button.disabled = keep.disabled = false;
      setText(says, t('camera.here'));
    } catch (error) {
      // Play is called off when the camera is let go in the same moment
      if (isWanted()) setText(says, refusal(error));
    }
  }

  function release(): void {
    for (const track of stream?.getTracks() ?? []) track.stop();
    stream = undefined;
    video.srcObject = null;
    button.disabled = keep.disabled = true;
  }

  async function takeFrame(): Promise<void> {
    if (isBusy || over.aborted) return;
    isBusy = true;
    try {
      const frame = await frameOf(video);
      if (frame) await take(frame);
    } finally {
      isBusy = false;
    }
  }

  async function keepLooking(): Promise<void> {
    while (keep.checked && !over.aborted) {
      const startedAt = performance.now();
      if (isWanted()) await takeFrame();
      const restMs = Math.max(50, pauseMs - (performance.now() - startedAt));
      await new Promise((resolve) => setTimeout(resolve, restMs));
    }
  }

  button.addEventListener('click', () => void takeFrame(), { signal: over });
  keep.addEventListener('change', () => keep.checked && void keepLooking(), { signal: over });
  over.addEventListener(
    'abort',
    () => {
      watch.disconnect();
      release();
    },
    { once: true },
  );
  attend();
  return {
    close: () => {
      ending.abort();
      box.replaceChildren();
    },
  };
}

/** The middle square of what the camera sees now, as a PNG file; undefined before the first frame. */
async function frameOf(video: HTMLVideoElement): Promise<File | undefined> {
  const { videoWidth: width, videoHeight: height } = video;
  const side = Math.min(width, height);
  if (side === 0) return undefined;
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = edge;
  const pen = canvas.getContext('2d');
  pen?.drawImage(video, (width - side) / 2, (height - side) / 2, side, side, 0, 0, edge, edge);
  return fileOf(canvas, t('camera.picture'));
}

/** What stands on a canvas, as a PNG file. Rejects if the browser gives none. */
export function fileOf(canvas: HTMLCanvasElement, name: string): Promise<File> {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob) resolve(new File([blob], name, { type: 'image/png' }));
      else reject(new Error('The canvas gave no picture.'));
    }, 'image/png');
  });
}

function refusal(error: unknown): string {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError') return t('camera.refused');
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return t('camera.none');
  if (name === 'NotReadableError') return t('camera.taken');
  if (name === 'SecurityError') return t('camera.insecure');
  return t('camera.failed');
}
