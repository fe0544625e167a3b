/** The graphs of the freeze lab's networks without their weights: what the lab counts in before anything is downloaded. */
import type { APIRoute } from 'astro';
import { skeletonFile } from '../../figures/freeze-lab/read-start.ts';
import { networkIds } from '../../labs/freeze-lab/network.ts';

/** One file for each network that the lab can take. */
export function getStaticPaths(): { params: { id: string } }[] {
  return networkIds.map((id) => ({ params: { id } }));
}

/** The packed ONNX file. */
export const GET: APIRoute = async ({ params }) => {
  const id = networkIds.find((one) => one === params['id']);
  if (!id) return new Response(null, { status: 404 });
  return new Response(await skeletonFile(id), { headers: { 'content-type': 'application/gzip' } });
};
