/**
 * The lens with an engine: loads the network, runs pictures, turns what comes back into state. One run at a time;
 * a newer one calls off the older. Loaded only when the reader starts something.
 */
import { pictureManifest } from '../../engine/registry/manifest.ts';
import { isThawError } from '../../engine/errors.ts';
import { wantsIsolation } from '../../engine/runtime/backend.ts';
import { browserCapabilities } from '../../engine/runtime/browser.ts';
import type { LoadedModel, Runtime } from '../../engine/runtime/types.ts';
import { lookThrough, runLens, type LensAnswer, type Picture } from '../../labs/resnet-lens.ts';
import { keepAcrossReload, requestIsolation, takeKept } from '../../site/isolation/client.ts';
import { t } from '../../site/strings.ts';
import { decodeFile } from '../kit/decode-file.ts';
import { nextTask } from '../kit/next-task.ts';
import type { LensData } from './data.ts';
import { describeProblem } from './describe-problem.ts';
import { answerWords, reportOf } from './live-report.ts';
import { firstProgress, progressOf } from './live-progress.ts';
import { openNetworks, readArrived, type OpenNetwork } from './live-networks.ts';
import { pictureKey, pictureName, type RunState } from './run-state.ts';
import { decodeTile, previewOf } from './pictures.ts';
import { forgetResume, markResume } from '../kit/resume-flag.ts';
import { storedWeights } from './stored-weights.ts';

/** What the live part needs from its element. */
export interface LiveHost {
  data: LensData;
  /** Under this name the reader's picture waits out a reload. */
  key: string;
  signal: AbortSignal;
  read: () => RunState;
  update: (change: Partial<RunState>) => void;
  /** The same for a change that draws much: over several frames; resolves when it stands. */
  show: (change: Partial<RunState>) => Promise<void>;
  announce: (text: string) => void;
}

export interface LiveLens {
  /** Finds out what is stored and whether there is WebGPU; fetches nothing. */
  plan: () => Promise<void>;
  /** Loads the network if needed and runs the chosen picture. */
  run: () => Promise<void>;
  /** Calls off the download or the run. */
  cancel: () => void;
  /** Takes the reader's own picture; false if it is none. */
  take: (file: Blob & { name?: string }) => Promise<boolean>;
  /** Goes on after the page's one reload. */
  resume: () => Promise<void>;
  /** What a closer look needs: the network that ran and the picture that stands before it. Undefined before a run. */
  subject: () => Promise<Subject | undefined>;
}

/** A network that has run in the page, and the picture before it. */
export interface Subject {
  model: LoadedModel;
  picture: Picture;
  runtime: Runtime;
  /** The network's ONNX file, from the browser's store; undefined where that refused it. */
  readFile: () => Promise<Uint8Array | undefined>;
}

/** What a run was asked: the figure's state when it began, the picture, and what calls it off. */
interface Asked {
  before: RunState;
  picture: Picture;
  signal: AbortSignal;
}

/** The live part of one lens. Rejects with a ThawError while the catalogue of its network cannot be fetched. */
export async function openLens(host: LiveHost): Promise<LiveLens> {
  const openNetwork = openNetworks(host.data);
  const chosen = () => openNetwork(host.read().network.id);
  await chosen();
  let job: AbortController | undefined;
  let loaded: { model: LoadedModel; backend: RunState['backend'] } | undefined;
  let own: Picture | undefined;

  return {
    plan,
    run,
    cancel: () => job?.abort(),
    take,
    resume: async () => {
      forgetResume();
      const kept = (await takeKept(host.key)) as { own?: Picture; name?: string } | undefined;
      if (!kept) return;
      if (kept.own) {
        own = kept.own;
        const { manifest } = (await chosen()).entry;
        host.update({
          own: {
            name: kept.name ?? t('lens.ownPicture'),
            url: previewOf(own, pictureManifest(manifest).input),
          },
          picture: -1,
        });
      }
      await run();
    },
    subject: async () => {
      if (!loaded) return undefined;
      const { entry, runtime } = await chosen();
      const picture = await pictureOf(host.read());
      return { model: loaded.model, picture, runtime, readFile: () => storedWeights(entry) };
    },
  };

  async function plan(): Promise<void> {
    try {
      const { entry, runtime } = await chosen();
      const { id } = entry.manifest;
      const { remainingBytes } = await runtime.planDownload(id, host.read().backend);
      if (host.read().network.id !== id) return;
      const { gpu } = await browserCapabilities(host.read().backend === 'webgpu');
      host.update({
        downloadBytes: remainingBytes,
        hasWebgpu: gpu === 'unasked' ? undefined : gpu !== 'none',
      });
    } catch {
      // The same failure will be told, in its own words, when the reader starts the network
    }
  }

  async function take(file: Blob & { name?: string }): Promise<boolean> {
    try {
      const name = file.name ?? t('lens.ownPicture');
      const { picture, notes } = await decodeFile(file, name);
      own = picture;
      const url = previewOf(own, pictureManifest((await chosen()).entry.manifest).input);
      host.update({
        own: { name, url },
        picture: -1,
        problem: undefined,
        notice: notes.join(' ') || undefined,
      });
      return true;
    } catch (error) {
      host.update({ problem: describeProblem(error, host.read(), false) });
      host.announce(host.read().problem?.message ?? '');
      return false;
    }
  }

  async function run(): Promise<void> {
    job?.abort();
    const mine = new AbortController();
    job = mine;
    const signal = AbortSignal.any([mine.signal, host.signal]);
    const before = host.read();
    try {
      const picture = await pictureOf(before);
      if (loaded?.backend === before.backend && loaded.model.id === before.network.id)
        await runAgain(loaded.model, picture, signal);
      else await loadAndRun(before, picture, signal);
    } catch (error) {
      if (job !== mine) return;
      if (isThawError(error, 'cancelled') || signal.aborted) {
        host.update({ status: host.read().isPrecomputed ? 'idle' : 'ready', progress: undefined });
        return;
      }
      const problem = describeProblem(error, host.read(), true);
      host.update({ status: 'failed', progress: undefined, problem });
      host.announce(problem.message);
      // What arrived is kept: the button then states what is left
      await plan();
    }
  }

  async function loadAndRun(before: RunState, picture: Picture, signal: AbortSignal): Promise<void> {
    host.update({
      status: 'loading',
      problem: undefined,
      progress: firstProgress(before),
    });
    const { entry, runtime } = await chosen();
    const plan = await runtime.planDownload(before.network.id, before.backend);
    if (wantsIsolation(await browserCapabilities(), plan.backend) && (await reloadsForThreads(before)))
      return;
    const startedAt = performance.now();
    const { network } = before;
    let old = loaded;
    // One network at a time: those of full size take a phone's whole memory
    if (old && old.model.id !== network.id) {
      loaded = undefined;
      await old.model.dispose();
      old = undefined;
    }
    for await (const step of runLens(runtime, { network, picture, backend: before.backend, signal })) {
      signal.throwIfAborted();
      if (step.kind === 'loading')
        host.update({ progress: progressOf(step, network.id, performance.now() - startedAt) });
      if (step.kind === 'loaded') {
        loaded = { model: step.model, backend: before.backend };
        await old?.model.dispose();
        await followFile(entry);
        host.update({ status: 'running', progress: undefined });
      }
      if (step.kind === 'answer') await drawAnswer(step.answer, step.model, { before, picture, signal });
    }
    if (loaded) await timeAgain(loaded.model, picture, signal, network);
  }

  /** The first run, of `asked`, also fills caches; the second tells how long a picture takes. What it answers stands there already. */
  async function timeAgain(
    model: LoadedModel,
    picture: Picture,
    signal: AbortSignal,
    asked: RunState['network'],
  ): Promise<void> {
    const before = host.read();
    await nextTask();
    signal.throwIfAborted();
    const answer = await lookThrough(model, before.network, picture, signal);
    signal.throwIfAborted();
    // Nothing is left of another backend's answer, should this one have fallen back; and a network whose blocks were known only from its
    // file has looked through them for the first time
    if (answer.backend !== before.report?.backend || before.network !== asked)
      await showAnswer(answer, model, { before, picture, signal });
    else {
      const report = reportOf(answer, model);
      // What befell the first run is still to be read
      report.note ||= before.report.note;
      host.update({ status: 'ready', report });
      host.announce(answerWords(answer.top, report));
    }
  }

  async function runAgain(model: LoadedModel, picture: Picture, signal: AbortSignal): Promise<void> {
    const before = host.read();
    host.update({ status: 'running', problem: undefined });
    const answer = await lookThrough(model, before.network, picture, signal);
    await showAnswer(answer, model, { before, picture, signal });
  }

  /** Draws the last answer of a run, which ends with it. */
  async function showAnswer(answer: LensAnswer, model: LoadedModel, asked: Asked): Promise<void> {
    await drawAnswer(answer, model, asked);
    host.update({ status: 'ready' });
  }

  /** Draws an answer and tells it; the status stays, as the run may go on. */
  async function drawAnswer(
    answer: LensAnswer,
    model: LoadedModel,
    { before, picture, signal }: Asked,
  ): Promise<void> {
    // Reading the answer and drawing it are two tasks, so that neither holds the page up for long
    await nextTask();
    signal.throwIfAborted();
    const { top, stacks, faces, probabilities } = answer;
    const report = reportOf(answer, model);
    const classNames = model.labels.map((label) => label.name);
    const key = pictureKey(before);
    const result = { picture: key, top, stacks, faces, classNames, probabilities };
    const { input } = pictureManifest(model.manifest);
    const seen = input.resize.mode === 'crop' ? { picture: key, url: previewOf(picture, input) } : undefined;
    await host.show({ seen, isPrecomputed: false, progress: undefined, downloadBytes: 0, report, result });
    signal.throwIfAborted();
    host.announce(answerWords(top, report));
  }

  /** Draws what the file that just arrived says, should it say more than is drawn. */
  async function followFile(entry: OpenNetwork['entry']): Promise<void> {
    const { network: drawn } = host.read();
    const network = await readArrived(entry, drawn, host.data.frame);
    if (network && host.read().network.id === network.id)
      host.update({ network, notice: drawn.isOutline ? undefined : t('lens.differs') });
  }

  async function pictureOf(state: RunState): Promise<Picture> {
    if (state.picture < 0 && own) return own;
    return decodeTile(state.gallery, Math.max(0, state.picture));
  }

  /** Threads need one reload on hosts that send no isolation headers; the picture and the intention survive it. */
  async function reloadsForThreads(before: RunState): Promise<boolean> {
    const kept = before.picture < 0 ? { own, name: pictureName(before, t('lens.ownPicture')) } : {};
    if (!(await keepAcrossReload(host.key, kept)) || !markResume()) return false;
    const answer = await requestIsolation();
    if (answer === 'reloading') return true;
    forgetResume();
    await takeKept(host.key);
    return false;
  }
}
