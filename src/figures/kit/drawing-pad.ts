/** A pad to draw on with mouse, pen or finger. Every stroke ends in a picture. */
import { t } from '../../site/strings.ts';
import { fileOf, type PictureMaker } from './camera.ts';

/** Edge of the pad in pixels; the network sees a smaller copy. */
const edge = 256;

interface Stroke {
  colour: string;
  width: number;
  points: { x: number; y: number }[];
}

/**
 * Shows an empty pad in `box` with colour, width, undo and clear.
 * @param take gets the drawing after each stroke, undo and clear
 */
export function openDrawingPad(
  box: HTMLElement,
  take: (picture: File) => Promise<void>,
  signal: AbortSignal,
): PictureMaker {
  const ending = new AbortController();
  const over = AbortSignal.any([signal, ending.signal]);
  box.innerHTML = `<div class="pad"><canvas class="pad-paper" width="${edge}" height="${edge}" role="img" aria-label="${t('pad.paper')}"></canvas>
<div class="maker-acts"><label class="field"><span>${t('pad.colour')}</span><input type="color" data-pad="colour" value="#c2410c"></label>
<label class="field"><span>${t('pad.width')}</span><input type="range" data-pad="width" min="4" max="48" value="16"></label>
<button type="button" class="btn" data-pad="undo">${t('pad.undo')}</button>
<button type="button" class="btn" data-pad="clear">${t('pad.clear')}</button>
<p class="small">${t('pad.hint')}</p></div></div>`;
  const part = <E extends HTMLElement>(name: string) => box.querySelector(`[data-pad="${name}"]`) as E;
  const canvas = box.querySelector('canvas') as HTMLCanvasElement;
  const pen = canvas.getContext('2d') as CanvasRenderingContext2D;
  const [undo, clear] = [part<HTMLButtonElement>('undo'), part<HTMLButtonElement>('clear')];
  let strokes: Stroke[] = [];
  /** What "clear" took away, so that it can be undone. */
  let cleared: Stroke[] = [];
  let current: Stroke | undefined;

  function redraw(): void {
    pen.fillStyle = '#fff';
    pen.fillRect(0, 0, edge, edge);
    pen.lineCap = pen.lineJoin = 'round';
    for (const { colour, width, points } of strokes) {
      pen.strokeStyle = colour;
      pen.lineWidth = width;
      pen.beginPath();
      points.forEach(({ x, y }, index) => (index ? pen.lineTo(x, y) : pen.moveTo(x, y)));
      // A dot is a line of no length
      const [first] = points;
      if (first && points.length === 1) pen.lineTo(first.x, first.y + 0.01);
      pen.stroke();
    }
    undo.disabled = strokes.length === 0 && cleared.length === 0;
    clear.disabled = strokes.length === 0;
  }

  async function hand(): Promise<void> {
    const drawing = await fileOf(canvas, t('pad.picture'));
    if (!over.aborted) await take(drawing);
  }

  function place({ clientX, clientY }: PointerEvent): { x: number; y: number } {
    const { left, top, width } = canvas.getBoundingClientRect();
    return { x: ((clientX - left) / width) * edge, y: ((clientY - top) / width) * edge };
  }

  canvas.addEventListener(
    'pointerdown',
    (event) => {
      if (event.button !== 0) return;
      canvas.setPointerCapture(event.pointerId);
      const [colour, width] = [part<HTMLInputElement>('colour'), part<HTMLInputElement>('width')];
      current = { colour: colour.value, width: Number(width.value), points: [place(event)] };
      strokes = [...strokes, current];
      cleared = [];
      redraw();
    },
    { signal: over },
  );
  canvas.addEventListener(
    'pointermove',
    (event) => {
      if (!current) return;
      current.points.push(place(event));
      redraw();
    },
    { signal: over },
  );
  for (const end of ['pointerup', 'pointercancel'] as const)
    canvas.addEventListener(
      end,
      () => {
        if (!current) return;
        current = undefined;
        void hand();
      },
      { signal: over },
    );
  undo.addEventListener(
    'click',
    () => {
      [strokes, cleared] = cleared.length ? [cleared, []] : [strokes.slice(0, -1), []];
      redraw();
      void hand();
    },
    { signal: over },
  );
  clear.addEventListener(
    'click',
    () => {
      [strokes, cleared] = [[], strokes];
      redraw();
      void hand();
    },
    { signal: over },
  );
  redraw();
  return {
    close: () => {
      ending.abort();
      box.replaceChildren();
    },
  };
}
