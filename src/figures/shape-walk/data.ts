/** What the walk starts from: what its shell says, and the walks that it fetches. */
import type { ShapeWalk } from '../../labs/shape-walk/shape-walk.ts';
import type { Offer } from './model.ts';

const fetched = new Map<string, ShapeWalk>();

/** What the figure's shell asks for. Throws if the shell says nothing that is known. */
export function readStart({ dataset, localName }: HTMLElement): { network: string; offers: Offer[] } {
  const { network, offers } = dataset;
  if (!network || !offers) throw new Error(`<${localName}> names no network in its shell.`);
  return { network, offers: JSON.parse(offers) as Offer[] };
}

/** The walk through a bundled network; fetched once. Rejects if it cannot be had; the next call tries again. */
export async function fetchWalk(id: string, base: string): Promise<ShapeWalk> {
  const known = fetched.get(id);
  if (known) return known;
  const address = `${base.replace(/\/?$/, '/')}walk/${id}.json`;
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address} answered ${answer.status}.`);
  const walk = (await answer.json()) as ShapeWalk;
  fetched.set(id, walk);
  return walk;
}

/** A walk that was fetched. Throws if it was not. */
export function walkOf(id: string): ShapeWalk {
  const walk = fetched.get(id);
  if (!walk) throw new Error(`The walk through "${id}" has not been fetched.`);
  return walk;
}
