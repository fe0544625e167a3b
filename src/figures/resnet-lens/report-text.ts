/** A failure as text that can be sent to whoever mends it: what was said, the facts, the browser. No picture and no file name. */
import type { Problem } from './run-state.ts';

/** The report; its words are English whatever the page's are, for they are read by those who mend. */
export function reportText(
  { message, advice, details }: Problem,
  { network, backend }: { network: string; backend: string },
): string {
  return [
    `${message} ${advice}`,
    details,
    `network: ${network}`,
    `backend asked for: ${backend}`,
    `page: ${location.href}`,
    `browser: ${navigator.userAgent}`,
    `logical processors: ${navigator.hardwareConcurrency}; isolated: ${String(crossOriginIsolated)}; online: ${String(navigator.onLine)}`,
    `time: ${new Date().toISOString()}`,
  ].join('\n');
}
