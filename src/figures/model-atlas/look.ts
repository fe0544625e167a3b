/** Reads what the panel's buttons ask for, from the worker that holds the network's file. The same for every figure with an atlas. */
import { asThawError } from '../../engine/errors.ts';
import type { FileClient } from '../../labs/own-model/client.ts';
import { t } from '../../site/strings.ts';
import { arrange } from './arrange.ts';
import {
  boxOf,
  lookKey,
  lookNames,
  shownBox,
  type AtlasState,
  type LookAction,
  type LookState,
} from './model.ts';

/** What reading needs from its figure. */
export interface LookHost {
  read: () => AtlasState | undefined;
  update: (change: Partial<AtlasState>) => void;
}

/** Changes what was read, and leaves the rest of the atlas as it is. */
export function updateLook({ read, update }: LookHost, change: Partial<LookState>): void {
  const look = read()?.look;
  if (look) update({ look: { ...look, ...change } });
}

/** Does what a button asks for; what goes wrong becomes a sentence in the panel. `open` gives the worker with the file. */
export async function look(
  host: LookHost,
  action: LookAction,
  open: () => Promise<Pick<FileClient, 'ask'>>,
): Promise<void> {
  const atlas = host.read();
  if (!atlas) return;
  updateLook(host, { pending: action, problem: undefined });
  try {
    const client = await open();
    if (action === 'time') updateLook(host, { times: await timeBoxes(atlas, client) });
    else {
      const box = boxOf(atlas.network, shownBox(atlas).id);
      const tensors = await client.ask(action, { names: lookNames(atlas.network, box, action) });
      const read = new Map(host.read()?.look?.read).set(lookKey(action, box.id), tensors);
      updateLook(host, { read });
    }
    updateLook(host, { pending: undefined });
  } catch (error) {
    updateLook(host, { pending: undefined, problem: sayProblem(error) });
  }
}

/** An error in one line. */
export function sayProblem(error: unknown): string {
  const { message, advice } = asThawError(error, {
    code: 'run-failed',
    message: t('own.unexpected'),
    advice: t('lens.codeLostAdvice'),
  });
  return `${message} ${advice}`;
}

/** Each needs a session of its own. */
const mostTimed = 150;

/** Every box that is drawn closed, timed by itself. */
async function timeBoxes(
  { network, open }: AtlasState,
  client: Pick<FileClient, 'ask'>,
): Promise<ReadonlyMap<string, number>> {
  const closed = arrange(network, open).boxes.filter(({ isOpen }) => !isOpen);
  const parts = closed
    .slice(0, mostTimed)
    .map(({ box: { id, inputs, outputs } }) => ({ id, from: inputs, to: outputs }));
  const times = await client.ask('time', { parts });
  return new Map(
    times.flatMap(({ id, elapsedMs }) => (elapsedMs === undefined ? [] : [[id, elapsedMs] as const])),
  );
}
