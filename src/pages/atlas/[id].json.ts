/** What the model atlas fetches when it wakes: a network's boxes, shapes and costs, read from its file at build time. */
import type { APIRoute } from 'astro';
import { MODELS } from '../../engine/registry/models.ts';
import { readAtlasNetwork } from '../../figures/model-atlas/read-networks.ts';

/** One file for each network of the registry. */
export function getStaticPaths(): { params: { id: string } }[] {
  return MODELS.map(({ id }) => ({ params: { id } }));
}

/** The network's description as JSON. */
export const GET: APIRoute = async ({ params }) =>
  Response.json(await readAtlasNetwork(String(params['id'])));
