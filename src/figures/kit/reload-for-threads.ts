/** The one reload that threads need on hosts that send no isolation headers, for a figure that is about to start a network. */
import { keepAcrossReload, requestIsolation, takeKept } from '../../site/isolation/client.ts';
import { forgetResume, markResume } from './resume-flag.ts';

/** Whether the page is about to reload; what is kept under the key, and that the reader had begun, survive it. */
export async function reloadsForThreads(key: string, kept: unknown): Promise<boolean> {
  if (!(await keepAcrossReload(key, kept)) || !markResume()) return false;
  if ((await requestIsolation()) === 'reloading') return true;
  forgetResume();
  await takeKept(key);
  return false;
}

/** What was kept under the key before the reload; undefined for nothing. */
export function takeAfterReload(key: string): Promise<unknown> {
  forgetResume();
  return takeKept(key);
}
