/** What a figure asks for before it downloads a network: its manifest and the files that this build made. */
import type { APIRoute } from 'astro';
import { catalogueText } from '../../figures/kit/download-size.ts';
import { FULL_SIZE_MODELS, MODELS } from '../../engine/registry/models.ts';

/** One file for each network of the registry. */
export function getStaticPaths(): { params: { id: string } }[] {
  return [...MODELS, ...FULL_SIZE_MODELS].map(({ id }) => ({ params: { id } }));
}

/** The network's catalogue as JSON. */
export const GET: APIRoute = async ({ params }) =>
  new Response(await catalogueText(String(params['id'])), {
    headers: { 'content-type': 'application/json' },
  });
