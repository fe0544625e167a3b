/** What the atlas fetches when it wakes besides its network: the line of every network, for the table that puts them side by side. */
import type { APIRoute } from 'astro';
import { readSideBySide } from '../../figures/model-atlas/read-side-by-side.ts';

/** The lines as JSON. */
export const GET: APIRoute = async () => Response.json(await readSideBySide());
