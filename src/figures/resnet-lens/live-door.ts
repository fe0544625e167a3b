/** The door to the engine: its code is fetched when somebody first asks, and again if that failed. */
import { t } from '../../site/strings.ts';
import { nextTask } from '../kit/next-task.ts';
import type { LiveHost, LiveLens } from './live.ts';
import type { RunState } from './run-state.ts';

export interface LiveDoor {
  /** Whether somebody has asked already. */
  isOpen: () => boolean;
  /** Does something with the live part. Never rejects: code that cannot be fetched becomes the figure's problem. */
  ask: (act: (live: LiveLens) => unknown) => Promise<void>;
  /** Starts a run; the status changes at once, before any code has come. */
  run: () => Promise<void>;
}

/** A door for one figure. `host` is asked for when the door first opens. */
export function makeLiveDoor(host: () => LiveHost): LiveDoor {
  let live: Promise<LiveLens> | undefined;

  async function ask(act: (live: LiveLens) => unknown): Promise<void> {
    const { read, update } = host();
    let opened: LiveLens;
    try {
      // In a task of its own: the press is drawn first
      live ??= nextTask()
        .then(() => import('./live.ts'))
        .then(({ openLens }) => openLens(host()));
      opened = await live;
    } catch {
      live = undefined;
      const isAsked = read().status === 'loading';
      update({ ...(isAsked && { status: 'failed' as const }), problem: codeLost(isAsked) });
      return;
    }
    await act(opened);
  }

  return {
    isOpen: () => live !== undefined,
    ask,
    run: () => {
      const { read, update } = host();
      const status = read().report ? 'running' : 'loading';
      update({ status, problem: undefined });
      return ask((opened) => opened.run());
    },
  };
}

function codeLost(canRetry: boolean): NonNullable<RunState['problem']> {
  return {
    message: t('lens.codeLost'),
    advice: t('lens.codeLostAdvice'),
    kept: t('lens.kept'),
    details: '',
    canRetry,
  };
}
