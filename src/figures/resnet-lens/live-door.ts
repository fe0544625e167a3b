/** The door to the engine: its code is fetched when somebody first asks, and again if that failed. */
import { keepAcrossReload, takeKept } from '../../site/isolation/client.ts';
import { t } from '../../site/strings.ts';
import { nextTask } from '../kit/next-task.ts';
import { forgetResume, markResume } from '../kit/resume-flag.ts';
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
  let hasFailed = false;

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
      if (isAsked && hasFailed && (await reloads(host().key))) return;
      hasFailed = true;
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

/**
 * Some browsers remember of code that did not come that it is not there, for as long as the page stands: then only a new page helps,
 * which goes on where this one was. False where there is no line yet, or nothing would go on.
 */
async function reloads(key: string): Promise<boolean> {
  const isBack = await fetch(location.href, { method: 'HEAD', cache: 'no-store' }).then(
    ({ ok }) => ok,
    () => false,
  );
  if (!isBack || !(await keepAcrossReload(key, {}))) return false;
  if (markResume()) {
    location.reload();
    return true;
  }
  forgetResume();
  await takeKept(key);
  return false;
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
