/** What the panel "Ask this page" needs besides its code: its words and where its network's catalogue lies. */
import type { APIRoute } from 'astro';
import { askText } from '../site/ask/address.ts';

/** The data as JSON. */
export const GET: APIRoute = async () =>
  new Response(await askText(), { headers: { 'content-type': 'application/json' } });
