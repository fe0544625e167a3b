/** The record of operations, inputs above and results below; a dashed edge with a gap is where detach cut it. */
import { select } from 'd3';
import { t } from '../../site/strings.ts';
import type { GraphNode, GraphPicture } from './model.ts';

const size = { width: 168, height: 38, across: 184, down: 64, edge: 4 };

interface Placed extends GraphNode {
  x: number;
  y: number;
}

/** Every node in the row below all of its inputs. */
function arrange({ nodes, edges }: GraphPicture): Placed[] {
  const depth = new Map(nodes.map(({ id }) => [id, 0]));
  // Nodes come inputs first, so one pass for each of them is enough for any record
  for (let pass = 0; pass < nodes.length; pass++)
    for (const { from, to } of edges) depth.set(to, Math.max(depth.get(to) ?? 0, (depth.get(from) ?? 0) + 1));
  const used = new Map<number, number>();
  return nodes.map((node) => {
    const row = depth.get(node.id) ?? 0;
    const column = used.get(row) ?? 0;
    used.set(row, column + 1);
    return { ...node, x: size.edge + column * size.across, y: size.edge + row * size.down };
  });
}

/** Draws the graph of a cell, or hides its place. */
export function drawGraph(root: HTMLElement | null, graph: GraphPicture | undefined): void {
  if (!root) return;
  root.toggleAttribute('hidden', !graph);
  // It scrolls on narrow screens, so keys must reach it
  for (const [name, value] of [
    ['tabindex', '0'],
    ['role', 'region'],
    ['aria-label', t('bench.graphTitle')],
  ] as const)
    if (graph) root.setAttribute(name, value);
    else root.removeAttribute(name);
  const placed = graph ? arrange(graph) : [];
  const at = new Map(placed.map((node) => [node.id, node]));
  const edges = (graph?.edges ?? []).flatMap(({ from, to, isCut }) => {
    const [a, b] = [at.get(from), at.get(to)];
    return a && b ? [{ a, b, isCut }] : [];
  });
  const svg = select(root)
    .selectAll<SVGSVGElement, GraphPicture>('svg')
    .data(graph ? [graph] : [])
    .join('svg')
    .attr('role', 'img')
    .attr('aria-label', sayGraph(placed, edges))
    .attr('width', Math.max(0, ...placed.map(({ x }) => x)) + size.width + size.edge)
    .attr('height', Math.max(0, ...placed.map(({ y }) => y)) + size.height + size.edge);
  svg
    .selectAll<SVGPathElement, (typeof edges)[number]>('path')
    .data(edges)
    .join((enter) => enter.insert('path', 'g'))
    .attr('class', ({ isCut }) => (isCut ? 'is-cut' : null))
    .attr('d', ({ a, b }) => `M${a.x + size.width / 2} ${a.y + size.height}L${b.x + size.width / 2} ${b.y}`);
  const nodes = svg
    .selectAll<SVGGElement, Placed>('g')
    .data(placed)
    .join((enter) => {
      const group = enter.append('g');
      group.append('rect').attr('width', size.width).attr('height', size.height);
      group.append('text').attr('x', 8).attr('y', 16);
      group.append('text').attr('class', 'shape').attr('x', 8).attr('y', 31);
      return group;
    })
    .attr('class', ({ kind }) => `node ${kind}`)
    .attr('transform', ({ x, y }) => `translate(${x} ${y})`);
  nodes.select('text').text(({ label }) => label);
  nodes.select('text.shape').text(({ kind, shape }) => `${t(`bench.graph.${kind}`)} [${shape.join(', ')}]`);
}

function sayGraph(
  nodes: readonly Placed[],
  edges: readonly { a: Placed; b: Placed; isCut: boolean }[],
): string {
  const list = edges.map(({ a, b, isCut }) =>
    t(isCut ? 'bench.graph.cutEdge' : 'bench.graph.edge', { from: a.label, to: b.label }),
  );
  return t('bench.graph', { count: nodes.length, list: list.join('; ') });
}
