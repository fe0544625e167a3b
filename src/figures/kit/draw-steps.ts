/**
 * A figure's drawing as steps that know what they draw from: a change draws only what it concerns, and a large one can
 * be drawn over several frames, so that the page answers meanwhile.
 */
import { nextFrame } from './next-task.ts';

export interface DrawStep {
  /** Tells the step from the figure's others. */
  name: string;
  /** What it draws from: while each of these is what it was, there is nothing to draw. Undefined: it always draws. */
  from?: readonly unknown[];
  /** Draws; of many marks at most `most`, and is true if some are left. */
  draw: (most: number) => unknown;
}

/** Marks that are drawn in one go where the drawing takes several frames. */
const marksAtOnce = 12;

/** Steps are drawn together in one frame while they take no longer than this; their layout takes as long again. */
const togetherMs = 4;

const drawnFrom = new WeakMap<Element, Map<string, readonly unknown[]>>();

/** Draws into `root` every step whose grounds have changed since it was last drawn there. */
export function drawSteps(root: Element, steps: readonly DrawStep[]): void {
  for (const step of staleOf(root, steps)) drawStep(root, step, Infinity);
}

/** Draws into `root` at once the steps that always draw: those in which a reader sees where a run stands. */
export function drawAlways(root: Element, steps: readonly DrawStep[]): void {
  for (const step of steps) if (!step.from) drawStep(root, step, Infinity);
}

/**
 * Draws the other steps over several frames. `stepsNow` is asked before each, so that the newest state is drawn;
 * resolves when everything stands, or when `signal` aborts. A page that nobody sees is drawn at once.
 */
export async function drawOverFrames(
  root: Element,
  stepsNow: () => readonly DrawStep[],
  signal: AbortSignal,
): Promise<void> {
  let startedAt = performance.now();
  while (!signal.aborted) {
    const step = staleOf(root, stepsNow()).find(({ from }) => from);
    if (!step) return;
    if (document.hidden) {
      drawSteps(root, stepsNow());
      return;
    }
    drawStep(root, step, marksAtOnce);
    if (performance.now() - startedAt < togetherMs) continue;
    await nextFrame();
    startedAt = performance.now();
  }
}

function staleOf(root: Element, steps: readonly DrawStep[]): DrawStep[] {
  const known = drawnFrom.get(root);
  return steps.filter(({ name, from }) => {
    const before = known?.get(name);
    return !from || before?.length !== from.length || from.some((ground, i) => ground !== before[i]);
  });
}

function drawStep(root: Element, { name, from, draw }: DrawStep, most: number): void {
  const isPart = draw(most) === true;
  if (!from || isPart) return;
  const known = drawnFrom.get(root) ?? new Map<string, readonly unknown[]>();
  drawnFrom.set(root, known.set(name, from));
}
