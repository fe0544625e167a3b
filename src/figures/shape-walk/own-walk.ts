/** The walk through a network of the reader's, read by the worker that opens such files (decision 10). */
import { ThawError } from '../../engine/errors.ts';
import { startFileClient } from '../../labs/own-model/browser.ts';
import type { ShapeWalk } from '../../labs/shape-walk/shape-walk.ts';
import { t } from '../../site/strings.ts';

/** Opens the files and ends the worker again. Rejects with a ThawError that says what is wrong with them. */
export async function readOwnWalk(files: readonly File[], signal: AbortSignal): Promise<ShapeWalk> {
  const client = startFileClient();
  const end = (): void => client.end();
  signal.addEventListener('abort', end, { once: true });
  try {
    const walk = await client.ask('walk', { files: files.map((file) => ({ name: file.name, file })) });
    if (walk.steps.length > 0) return walk;
    throw new ThawError({ code: 'bad-input', message: t('walk.empty'), advice: t('walk.emptyAdvice') });
  } finally {
    signal.removeEventListener('abort', end);
    client.end();
  }
}
