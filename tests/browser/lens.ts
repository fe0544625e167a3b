/** The ResNet lens as a reader meets it: where its parts are, and what its worker answered. */
import type { Locator, Page } from 'playwright-core';
import { builtPages } from './built-site.ts';

/** The first lens of a page. */
export function lensOf(page: Page): Locator {
  return page.locator('thaw-resnet-lens').first();
}

/** The button that starts the first lens of a page, or runs it again. */
export function startButton(page: Page): Locator {
  return lensOf(page).locator('button[data-action="run"]');
}

/** Reaches for the first lens as a reader does before using it, and waits until its script is there. */
export async function wakeLens(page: Page): Promise<void> {
  const lens = lensOf(page);
  await lens.scrollIntoViewIfNeeded();
  await startButton(page).or(lens).first().hover();
  await lens.evaluate(async (element) => {
    await customElements.whenDefined(element.localName);
  });
}

/** One part of a lens by its name, such as "top", "line" or "pictures". */
export function partOf(lens: Locator, name: string): Locator {
  return lens.locator(`[data-part="${name}"]`);
}

/** Addresses of the pages with a lens; those whose first frame has feature maps come first. */
export function lensPages(pages = builtPages()): string[] {
  const withMaps = ({ html }: { html: string }) => Number(html.includes('class="map"'));
  return pages
    .filter(({ html }) => html.includes('<thaw-resnet-lens'))
    .toSorted((a, b) => withMaps(b) - withMaps(a))
    .map(({ path }) => path);
}

/** One answer of the worker to a run, taken from the message itself. */
export interface RecordedRun {
  /** From posting the request to having the answer, milliseconds on the page's thread. */
  roundTripMs: number;
  /** What the worker measured around the session. */
  elapsedMs: number;
  /** Values that were asked for. */
  requested: string[];
  /** float32 tensors by value name. */
  outputs: Record<string, { shape: number[]; data: number[] }>;
  /** What the worker itself counted at the WebGPU interface. */
  gpu?: { dispatches: number; adapter: string };
}

/** What `recordRuns` puts into a page as `recordedRuns`: the runs, and a way to repeat the last one. */
export interface Recorder extends Array<RecordedRun> {
  /** Whether outputs are copied into the record; default true. */
  withData: boolean;
  /**
   * Sends the last request, or the last that asked for this value, to the same worker again and resolves when its answer is here. Nothing
   * is drawn.
   */
  repeat: (value?: string) => Promise<RecordedRun>;
}

/** For `before` of a page: keeps what the page asks of its workers and what they answer in `recordedRuns`. */
export function recordRuns(): void {
  interface Message {
    kind: string;
    id: number;
    inputs?: Record<string, { data: Float32Array<ArrayBuffer> }>;
    outputs?: string[];
    answer?: {
      elapsedMs?: number;
      outputs?: Record<string, { shape: number[]; data: Float32Array }>;
      gpu?: RecordedRun['gpu'];
    };
  }
  const recorder: Recorder = Object.assign([], {
    withData: true,
    repeat: () => Promise.reject(new Error('nothing ran yet')),
  });
  Object.assign(globalThis, { recordedRuns: recorder });
  let repeats = 0;
  const repeaters: { outputs: string[]; repeat: () => Promise<RecordedRun> }[] = [];

  globalThis.Worker = class extends Worker {
    readonly asked = new Map<
      number,
      { startedAt: number; requested: string[]; tell?: (run: RecordedRun) => void }
    >();

    constructor(...settings: ConstructorParameters<typeof Worker>) {
      super(...settings);
      this.addEventListener('message', ({ data }: MessageEvent<Message>) => {
        const request = this.asked.get(data.id);
        if (data.kind !== 'done' || !request || !data.answer?.outputs) return;
        const { elapsedMs = 0, outputs, gpu } = data.answer;
        const roundTripMs = performance.now() - request.startedAt;
        const copies = recorder.withData
          ? Object.entries(outputs).map(
              ([name, { shape, data }]) => [name, { shape, data: Array.from(data) }] as const,
            )
          : [];
        const run = {
          roundTripMs,
          elapsedMs,
          requested: request.requested,
          outputs: Object.fromEntries(copies),
          ...(gpu && { gpu }),
        };
        recorder.push(run);
        request.tell?.(run);
      });
    }

    override postMessage(message: Message, ...rest: unknown[]): void {
      if (message.kind === 'run') {
        const copy = structuredClone(message);
        const repeat = () =>
          new Promise<RecordedRun>((tell) => {
            const again = { ...structuredClone(copy), id: 1e9 + (repeats += 1) };
            this.asked.set(again.id, { startedAt: performance.now(), requested: again.outputs ?? [], tell });
            super.postMessage(again);
          });
        repeaters.push({ outputs: message.outputs ?? [], repeat });
        recorder.repeat = (value) => {
          const fits = repeaters.findLast(({ outputs }) => value === undefined || outputs.includes(value));
          return fits ? fits.repeat() : Promise.reject(new Error(`nothing asked for ${value}`));
        };
        this.asked.set(message.id, { startedAt: performance.now(), requested: message.outputs ?? [] });
      }
      super.postMessage(message, ...(rest as [Transferable[]]));
    }
  };
}

/** The runs recorded in a page so far. */
export function recordedRuns(page: Page): Promise<RecordedRun[]> {
  return page.evaluate(() => [...(globalThis as unknown as { recordedRuns: Recorder }).recordedRuns]);
}
