/** The feature space with an engine: loads networks and drawings, turns their vectors into maps. */
import { pictureManifest } from '../../engine/registry/manifest.ts';
import { asThawError, isThawError } from '../../engine/errors.ts';
import { fetchCatalogue, findModel } from '../../engine/registry/catalogue.ts';
import { sharedRuntime } from '../../engine/runtime/browser.ts';
import type { Runtime } from '../../engine/runtime/types.ts';
import {
  drawSpacePictures,
  embedDrawings,
  mapEmbedding,
  type SpaceMap,
} from '../../labs/feature-space/space.ts';
import { cutDrawings, type DrawingSheet } from '../../labs/few-shot/read-pictures.ts';
import { t } from '../../site/strings.ts';
import { fetchDrawings } from '../../labs/few-shot/fetch-drawings.ts';
import { previewOf } from '../resnet-lens/pictures.ts';
import type { SpaceData } from './data.ts';
import { randomSource } from './frame.ts';
import type { SpaceState } from './model.ts';

/** What the live part needs from its element. */
export interface SpaceHost {
  data: SpaceData;
  signal: AbortSignal;
  read: () => SpaceState;
  update: (change: Partial<SpaceState>) => void;
  announce: (text: string) => void;
}

export interface LiveSpace {
  /** Runs every source on the drawings of the seed. */
  run: () => Promise<void>;
  cancel: () => void;
}

/** Seed of the random weights. */
const weightSeed = 1;

/** The live part of one figure. Rejects with a ThawError while a catalogue cannot be fetched. */
export async function openSpace(host: SpaceHost): Promise<LiveSpace> {
  const { data, read, update } = host;
  const catalogues = await Promise.all(
    Object.values(data.catalogues).map((address) => fetchCatalogue(address)),
  );
  let runtime: Runtime | undefined;
  for (const catalogue of catalogues) runtime = sharedRuntime(catalogue, import.meta.env.BASE_URL);
  const ids = Object.keys(data.catalogues);
  const { input } = pictureManifest(findModel(catalogues[0], ids[0]).manifest);
  let job: AbortController | undefined;
  let sheet: DrawingSheet | undefined;

  return { run, cancel: () => job?.abort() };

  async function run(): Promise<void> {
    job?.abort();
    const mine = new AbortController();
    job = mine;
    const signal = AbortSignal.any([mine.signal, host.signal]);
    try {
      sheet ??= await fetchDrawings(data.drawings, signal);
      await showMaps(sheet, signal);
    } catch (error) {
      if (job !== mine) return;
      if (isThawError(error, 'cancelled') || signal.aborted) {
        update({ status: read().isPrecomputed ? 'idle' : 'ready', progress: undefined });
        return;
      }
      const { message, advice } = asThawError(error, {
        code: 'run-failed',
        message: t('lens.unexpected'),
        advice: t('lens.unexpectedAdvice'),
      });
      update({ status: 'failed', progress: undefined, problem: { message, advice } });
      host.announce(message);
    }
  }

  async function showMaps(drawn: DrawingSheet, signal: AbortSignal): Promise<void> {
    const { seed } = read();
    const pictures = drawSpacePictures(drawn.index, seed);
    const maps: Record<string, SpaceMap> = {};
    let backend = '';
    for (const source of read().sources) {
      const isRandom = source === randomSource;
      const id = isRandom ? ids[0] : source;
      const value = data.frame.values[id];
      const model = await runtime?.load(id, {
        values: [value],
        precision: 'fp32',
        ...(isRandom && { weightSeed }),
        signal,
        onProgress: ({ receivedBytes, totalBytes }) =>
          update({ progress: { label: t('progress.download', { model: id }), receivedBytes, totalBytes } }),
      });
      if (!model) return;
      update({ status: 'running', progress: undefined });
      const embedding = await embedDrawings(model, value, drawn, pictures.drawings, signal);
      maps[source] = mapEmbedding(embedding, pictures);
      backend = t(model.report.backend === 'webgpu' ? 'backend.webgpu' : 'backend.wasm');
      // Runs of other sources need their own sessions; two of a network's size fit, five might not
      await model.dispose();
    }
    signal.throwIfAborted();
    const thumbnails = cutDrawings(drawn, pictures.drawings).map((picture) => previewOf(picture, input));
    const { things, drawings, firstAsked } = pictures;
    update({
      status: 'ready',
      isPrecomputed: false,
      drawnSeed: seed,
      downloadBytes: 0,
      chosen: new Set(),
      cursor: 0,
      backend,
      maps,
      thumbnails,
      things,
      drawings,
      firstAsked,
    });
    const shown = maps[read().source];
    host.announce(t('space.announce', { correct: shown.accuracy.correct, asked: shown.accuracy.asked }));
  }
}
