/** The list of works by others that the site ships. */
import { existsSync, readFileSync } from 'node:fs';
import type { Credit } from '../../../scripts/assets/licences.ts';

/** Returns the list, or undefined where the assets were not built yet. */
export function readCredits(file = 'public/generated/licences.json'): Credit[] | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Credit[]) : undefined;
}
