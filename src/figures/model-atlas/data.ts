/** What the atlas starts from: its network's description, fetched when the figure wakes, and what its shell says. */
import type { AtlasNetwork } from '../../labs/atlas-network.ts';
import { levels, type Level } from './model.ts';
import type { SideBySide } from './side-state.ts';

export interface AtlasStart {
  /** Id of the network in the registry. */
  network: string;
  level: Level;
}

/** What the figure's shell asks for. Throws if the shell says nothing that is known. */
export function readStart({ dataset, localName }: HTMLElement): AtlasStart {
  const level = levels.find((word) => word === dataset['level']);
  const network = dataset['network'];
  if (!network || !level) throw new Error(`<${localName}> names no network or no level in its shell.`);
  return { network, level };
}

let side: SideBySide | undefined;

/** The lines of all networks; undefined until they were fetched. */
export function sideBySide(): SideBySide | undefined {
  return side;
}

const fetched = new Map<string, AtlasNetwork>();

/** Fetches the networks of all atlases in the page. Rejects if one cannot be had; the next call tries again. */
export async function fetchNetworks(tag: string, base: string): Promise<void> {
  side ??= (await fetchJson('side-by-side', base)) as SideBySide;
  const figures = [...document.querySelectorAll<HTMLElement>(tag)];
  const ids = new Set(figures.map((figure) => readStart(figure).network));
  await Promise.all([...ids].map((id) => fetchNetwork(id, base)));
}

/** Fetches one network, once. Rejects if it cannot be had. */
export async function fetchNetwork(id: string, base: string): Promise<AtlasNetwork> {
  const network = fetched.get(id) ?? ((await fetchJson(id, base)) as AtlasNetwork);
  fetched.set(id, network);
  return network;
}

async function fetchJson(name: string, base: string): Promise<unknown> {
  const address = `${base.replace(/\/?$/, '/')}atlas/${name}.json`;
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address} answered ${answer.status}.`);
  return answer.json();
}

/** A network that was fetched. Throws if it was not. */
export function networkOf(id: string): AtlasNetwork {
  const network = fetched.get(id);
  if (!network) throw new Error(`The description of "${id}" has not been fetched.`);
  return network;
}
