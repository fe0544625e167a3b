/** Measures the networks that are in the site, one after the other; fetched when the reader asks for it. */
import { asThawError } from '../../engine/errors.ts';
import type { Trial } from '../../labs/device-benchmark.ts';
import { openBenchmark } from '../../site/benchmark/open-benchmark.ts';
import { t } from '../../site/strings.ts';
import { measurable, type SideState } from './side-state.ts';

/** What measuring needs from its figure. */
export interface SideHost {
  read: () => SideState | undefined;
  update: (change: Partial<SideState>) => void;
  announce: (text: string) => void;
}

/** All on one thread, in 8 bits: what every device can do. */
const planPlain = (ids: readonly string[]): Trial[] =>
  ids.map((modelId) => ({ modelId, backend: 'wasm', threads: 1, precision: 'int8' }));

/** Fills in the times until all are there or the signal aborts. What went wrong becomes a sentence below the table. */
export async function measureSide({ read, update, announce }: SideHost, signal: AbortSignal): Promise<void> {
  const side = read();
  if (!side) return;
  const addresses = measurable(side).flatMap(({ catalogue }) => catalogue ?? []);
  update({ problem: '', running: { id: measurable(side)[0]?.id ?? '', share: 0 } });
  const remarks: string[] = [];
  try {
    for await (const step of openBenchmark(addresses, ['wasm'], signal, planPlain)) {
      if (step.kind === 'running') {
        update({ running: { id: step.trial.modelId, share: (step.done + step.share) / step.total } });
        continue;
      }
      const { modelId, times, remark } = step.row;
      if (times) update({ times: new Map(read()?.times).set(modelId, times.medianMs) });
      else remarks.push(`${modelId}: ${remark}`);
    }
    announce(t('side.done', { count: read()?.times.size ?? 0 }));
  } catch (error) {
    const lost = { code: 'run-failed', message: t('side.failed'), advice: '' } as const;
    if (!signal.aborted) remarks.push(asThawError(error, lost).message);
  } finally {
    update({ running: undefined, problem: remarks.join(' ') });
  }
}
