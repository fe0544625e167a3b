/** What the shape walk fetches when it wakes: a network's steps and rules, read from its file at build time. */
import type { APIRoute } from 'astro';
import { MODELS } from '../../engine/registry/models.ts';
import { readWalk } from '../../figures/shape-walk/read-walks.ts';

/** One file for each network of the registry. */
export function getStaticPaths(): { params: { id: string } }[] {
  return MODELS.map(({ id }) => ({ params: { id } }));
}

/** The network's walk as JSON. */
export const GET: APIRoute = async ({ params }) => Response.json(await readWalk(String(params['id'])));
