/** Where the panel's data lie, with the hash of their content behind it; for the build. */
import { createHash } from 'node:crypto';
import { readDownload } from '../../figures/kit/download-size.ts';
import { address } from '../content/address.ts';
import { askData, askModel } from './words.ts';

/** The panel's data as JSON text. */
export async function askText(): Promise<string> {
  return JSON.stringify(askData(await readDownload(askModel)));
}

/** The address that the button carries. */
export async function askAddress(): Promise<string> {
  return address(
    `ask.json?${createHash('sha256')
      .update(await askText())
      .digest('hex')
      .slice(0, 8)}`,
  );
}
