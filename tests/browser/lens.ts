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

/** One part of a lens by its name, such as "top", "line" or "pictures". */
export function partOf(lens: Locator, name: string): Locator {
  return lens.locator(`[data-part="${name}"]`);
}

/** Addresses of the pages with a lens. */
export function lensPages(): string[] {
  return builtPages()
    .filter(({ html }) => html.includes('<thaw-resnet-lens'))
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

/**
 * For `before` of a page: keeps what the page posts to its workers and what they answer in `recordedRuns`. Numbers are
 * copied when `recordedRuns.withData` is true (the default).
 */
export function recordRuns(): void {
  interface Message {
    kind: string;
    id: number;
    outputs?: string[];
    answer?: {
      elapsedMs?: number;
      outputs?: Record<string, { shape: number[]; data: Float32Array }>;
      gpu?: RecordedRun['gpu'];
    };
  }
  const runs: RecordedRun[] = [];
  const recorder = Object.assign(runs, { withData: true });
  Object.assign(globalThis, { recordedRuns: recorder });
  globalThis.Worker = class extends Worker {
    readonly asked = new Map<number, { startedAt: number; requested: string[] }>();

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
        runs.push({
          roundTripMs,
          elapsedMs,
          requested: request.requested,
          outputs: Object.fromEntries(copies),
          ...(gpu && { gpu }),
        });
      });
    }

    override postMessage(message: Message, ...rest: unknown[]): void {
      if (message.kind === 'run')
        this.asked.set(message.id, { startedAt: performance.now(), requested: message.outputs ?? [] });
      super.postMessage(message, ...(rest as [Transferable[]]));
    }
  };
}

/** The runs recorded in a page so far. */
export function recordedRuns(page: Page): Promise<RecordedRun[]> {
  return page.evaluate(() => [...(globalThis as unknown as { recordedRuns: RecordedRun[] }).recordedRuns]);
}
