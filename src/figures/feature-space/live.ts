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
import type { Embedding } from '../../labs/few-shot/neighbours.ts';
import { decodeFile } from '../kit/decode-file.ts';
import { nextTask } from '../kit/next-task.ts';
import type { RgbaPicture } from '../../engine/preprocess/rgba.ts';
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
  /** Puts pictures of the reader's own on every map. */
  add: (files: readonly File[]) => Promise<void>;
  /** The drawings of every source as UMAP arranges them. */
  arrange: () => Promise<SpaceState['umaps']>;
  cancel: () => void;
}

/** The most pictures of a reader's own on a map: more would cover the drawings. */
const mostOwn = 12;

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
  const own: { name: string; picture: RgbaPicture }[] = [];
  let embeddings: Readonly<Record<string, Embedding>> = {};

  return { run, add, arrange, cancel: () => job?.abort() };

  async function add(files: readonly File[]): Promise<void> {
    const taken = files.slice(0, mostOwn - own.length);
    const before = own.length;
    let problem: SpaceState['problem'];
    for (const file of taken) {
      try {
        own.push({ name: file.name, picture: (await decodeFile(file, file.name)).picture });
      } catch (error) {
        const { message, advice } = asThawError(error, unexpected());
        problem = { message, advice };
      }
    }
    if (taken.length < files.length)
      problem = {
        message: t('space.tooMany', { most: mostOwn, count: files.length - taken.length }),
        advice: t('space.tooManyAdvice'),
      };
    if (own.length > before) {
      update({ status: read().isPrecomputed ? 'loading' : 'running', problem: undefined });
      await run();
    }
    if (problem && read().problem === undefined) update({ problem });
  }

  async function arrange(): Promise<SpaceState['umaps']> {
    const { arrangeByUmap } = await import('../../labs/feature-space/umap.ts');
    const { seed } = read();
    const umaps: Record<string, SpaceState['umaps'][string]> = {};
    for (const [source, embedding] of Object.entries(embeddings)) {
      // each takes a tenth of a second, in which the page answers nobody
      await nextTask();
      umaps[source] = arrangeByUmap(embedding, seed);
    }
    return umaps;
  }

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
        update({ status: read().isPrecomputed ? 'idle' : 'ready', progress: undefined, now: undefined });
        return;
      }
      const { message, advice } = asThawError(error, unexpected());
      update({ status: 'failed', progress: undefined, now: undefined, problem: { message, advice } });
      host.announce(message);
    }
  }

  async function showMaps(drawn: DrawingSheet, signal: AbortSignal): Promise<void> {
    const { seed } = read();
    const pictures = drawSpacePictures(drawn.index, seed);
    const maps: Record<string, SpaceMap> = {};
    const vectors: Record<string, Embedding> = {};
    const added = own.map(({ picture }) => picture);
    let backend = '';
    for (const [place, source] of read().sources.entries()) {
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
      update({ status: 'running', progress: undefined, now: { source, at: place + 1 } });
      vectors[source] = await embedDrawings(model, value, drawn, pictures.drawings, signal, added);
      maps[source] = mapEmbedding(vectors[source], pictures);
      backend = t(model.report.backend === 'webgpu' ? 'backend.webgpu' : 'backend.wasm');
      // Runs of other sources need their own sessions; two of a network's size fit, five might not
      await model.dispose();
    }
    signal.throwIfAborted();
    embeddings = vectors;
    const thumbnails = [...cutDrawings(drawn, pictures.drawings), ...added].map((picture) =>
      previewOf(picture, input),
    );
    const { things, firstAsked } = pictures;
    const drawings = [...pictures.drawings, ...own.map(({ name }) => ({ concept: '', style: name }))];
    const umaps = read().projection === 'umap' ? await arrange() : {};
    update({
      status: 'ready',
      isPrecomputed: false,
      drawnSeed: seed,
      downloadBytes: 0,
      chosen: new Set(),
      cursor: 0,
      pointed: undefined,
      now: undefined,
      backend,
      maps,
      umaps,
      thumbnails,
      things,
      drawings,
      firstAsked,
    });
    const shown = maps[read().source];
    host.announce(t('space.announce', { correct: shown.accuracy.correct, asked: shown.accuracy.asked }));
  }
}

const unexpected = () => ({
  code: 'run-failed' as const,
  message: t('lens.unexpected'),
  advice: t('lens.unexpectedAdvice'),
});
