/** The graph of the freeze lab's network without its weights: what the lab counts in before anything is downloaded. */
import type { APIRoute } from 'astro';
import { skeletonFile } from '../../figures/freeze-lab/read-start.ts';

/** The packed ONNX file. */
export const GET: APIRoute = async () =>
  new Response(await skeletonFile(), { headers: { 'content-type': 'application/gzip' } });
