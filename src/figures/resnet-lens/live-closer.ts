/** The closer look's experiments: what covering takes away, what places add, and a rival beside. Loaded when one is asked for. */
import { isThawError } from '../../engine/errors.ts';
import { activationMap, occlude, readHead } from '../../labs/explain-answer.ts';
import { lookThrough } from '../../labs/resnet-lens.ts';
import { t } from '../../site/strings.ts';
import { askedClass, rivalOf, rivalSeed, type CloserState } from './closer-state.ts';
import { describeProblem } from './describe-problem.ts';
import type { Subject } from './live.ts';
import { pictureKey, type LensState } from './model.ts';
import { decodeTile } from './pictures.ts';

/** What an experiment needs from its figure. */
export interface CloserHost {
  read: () => LensState;
  /** Changes the closer look's part of the state. */
  change: (change: Partial<CloserState>) => void;
  announce: (text: string) => void;
  signal: AbortSignal;
}

/** Makes the map that the reader asked for and shows it as it grows. Never rejects: what goes wrong is told in the figure. */
export function explain(subject: Subject, host: CloserHost): Promise<void> {
  return guarded(host, async () => {
    const state = host.read();
    const { method } = state.closer;
    const classIndex = askedClass(state, state.closer);
    const about = { picture: pictureKey(state), method, classIndex };
    if (method === 'activation') {
      const file = await subject.readFile();
      const last = state.network.blocks.findLast(({ kind }) => kind === 'residual');
      const stack = last && state.result.stacks[last.id];
      if (!file || !stack) {
        host.change({ problem: t('closer.noFile') });
        return;
      }
      const [, inputSize] = state.network.inputShape;
      host.change({
        evidence: { ...about, map: activationMap(stack, readHead(file), classIndex, inputSize) },
      });
      return;
    }
    host.change({ progress: { done: 0, total: 1 } });
    const steps = occlude(subject.model, subject.picture, { classIndex, signal: host.signal });
    for await (const { map, base, doneRuns, totalRuns } of steps) {
      host.change({ evidence: { ...about, map, base }, progress: { done: doneRuns, total: totalRuns } });
    }
  });
}

/** Runs the rival: the same network with random weights on this picture, or this network on another one. Never rejects. */
export function compare(subject: Subject, host: CloserHost): Promise<void> {
  return guarded(host, async () => {
    const state = host.read();
    const { network } = state;
    const rival = rivalOf(state);
    host.change({ progress: { done: 0, total: 1 } });
    const model =
      rival === 'random'
        ? await subject.runtime.load(network.id, {
            backend: state.backend,
            weightSeed: rivalSeed,
            values: network.blocks.map(({ output }) => output),
            signal: host.signal,
          })
        : subject.model;
    try {
      const picture = rival === 'random' ? subject.picture : await decodeTile(state.gallery, rival);
      const { top, stacks, faces, probabilities } = await lookThrough(model, network, picture, host.signal);
      const result = { picture: '', top, stacks, faces, probabilities, classNames: state.result.classNames };
      host.change({ comparison: { rival, against: pictureKey(state), result } });
    } finally {
      if (model !== subject.model) await model.dispose();
    }
  });
}

async function guarded(host: CloserHost, act: () => Promise<void>): Promise<void> {
  host.change({ problem: undefined });
  try {
    await act();
    if (!host.signal.aborted) host.announce(t('closer.done'));
  } catch (error) {
    if (isThawError(error, 'cancelled') || host.signal.aborted) return;
    const { message, advice } = describeProblem(error, host.read(), false);
    host.change({ problem: `${message} ${advice}` });
  } finally {
    host.change({ progress: undefined });
  }
}
