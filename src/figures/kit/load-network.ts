/** Loads a network for a figure that trains, and says how far the download is. Knows the engine: for live.ts alone. */
import { fetchCatalogue } from '../../engine/registry/catalogue.ts';
import { sharedRuntime } from '../../engine/runtime/browser.ts';
import type { BackendWish, LoadedModel } from '../../engine/runtime/types.ts';
import { t } from '../../site/strings.ts';
import { estimateSecondsLeft, type Progress } from './progress.ts';

export interface NetworkWish {
  /** Address of the network's catalogue. */
  catalogue: string;
  modelId: string;
  backend: BackendWish;
  /** Bytes that are expected, for the bar's first moment. */
  downloadBytes: number;
  signal: AbortSignal;
}

/** The loaded network, where it runs in words, and why not as wished; rejects with ThawErrors. */
export async function loadNetwork(
  { catalogue: address, modelId, backend, downloadBytes, signal }: NetworkWish,
  showProgress: (progress: Progress) => void,
): Promise<{ model: LoadedModel; where: string; notice: string | undefined }> {
  const startedAt = performance.now();
  let known = { receivedBytes: 0, totalBytes: Math.max(1, downloadBytes) };
  const show = (label: string, { receivedBytes, totalBytes } = known) => {
    known = { receivedBytes, totalBytes };
    const secondsLeft = estimateSecondsLeft(receivedBytes, totalBytes, performance.now() - startedAt);
    const isComing = secondsLeft !== undefined && receivedBytes < totalBytes;
    showProgress({ label, receivedBytes, totalBytes, ...(isComing && { secondsLeft }) });
  };
  show(t('progress.asking'));
  const catalogue = await fetchCatalogue(address);
  const model = await sharedRuntime(catalogue, import.meta.env.BASE_URL).load(modelId, {
    ...{ backend, signal, onlyTrains: true },
    onProgress: (bytes) => show(t('progress.download', { model: modelId }), bytes),
    onStage: (stage) => {
      if (stage !== 'download') show(t(`progress.${stage}`));
    },
  });
  const { backend: runsOn, threads, note } = model.report;
  const name = t(runsOn === 'webgpu' ? 'backend.webgpu' : 'backend.wasm');
  const many = t('backend.threads', { backend: name, count: threads });
  const where = runsOn === 'webgpu' ? name : threads > 1 ? many : t('backend.thread', { backend: name });
  return { model, where, notice: note || undefined };
}
