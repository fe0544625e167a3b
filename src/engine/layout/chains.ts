/**
 * Takes a graph apart into chains: first the longest path from the first node, then for every node that is left, in
 * order, the longest way that goes on through nodes that are left.
 * @param count nodes, in an order in which they can run.
 * @returns every node in exactly one chain; chains in the order of their first nodes.
 */
export function longestChains(
  count: number,
  edges: readonly { readonly from: number; readonly to: number }[],
): readonly (readonly number[])[] {
  const targets: number[][] = Array.from({ length: count }, () => []);
  for (const { from, to } of edges) targets[from].push(to);
  const heights = new Array<number>(count).fill(0);
  for (let at = count - 1; at >= 0; at--) {
    for (const to of targets[at]) heights[at] = Math.max(heights[at], heights[to] + 1);
  }
  const taken = new Set<number>();
  const chains: number[][] = [];
  for (let first = 0; first < count; first++) {
    if (taken.has(first)) continue;
    const chain: number[] = [];
    for (let at: number | undefined = first; at !== undefined; at = nextOf(at)) {
      chain.push(at);
      taken.add(at);
    }
    chains.push(chain);
  }
  return chains;

  function nextOf(at: number): number | undefined {
    const free = targets[at].filter((to) => !taken.has(to));
    return free.reduce<number | undefined>(
      (best, to) => (best === undefined || heights[to] > heights[best] ? to : best),
      undefined,
    );
  }
}
