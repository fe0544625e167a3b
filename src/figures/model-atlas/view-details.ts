/** The chosen box beside the drawing: what it is, what goes in and out, what it costs, what is stored for it. */
import { select } from 'd3';
import { t } from '../../site/strings.ts';
import { formatCount, formatMilliseconds, formatPercent } from '../kit/format.ts';
import { setText } from '../kit/join.ts';
import {
  canOpen,
  costs,
  pathTo,
  shareOf,
  shownBox,
  type AtlasBox,
  type AtlasNetwork,
  type AtlasState,
  type CostName,
} from './model.ts';
import { sayCost, sayKind, sayOperators, sayShape } from './words.ts';

interface Fact {
  name: string;
  values: string[];
}

/** Draws title, button and facts of the shown box. */
export function drawDetails(panel: HTMLElement, state: AtlasState): void {
  const { network, open } = state;
  const box = shownBox(state);
  const way = pathTo(network, box.id).map(({ label }) => label);
  const what = [
    sayKind(box),
    ...(canOpen(box) ? [sayOperators(box)] : []),
    ...(way.length ? [t('atlas.within', { path: way.join(' › ') })] : []),
  ];
  const title = select(panel)
    .selectAll<HTMLElement, AtlasBox>('p.panel-title')
    .data([box])
    .join((enter) => {
      const line = enter.append('p').attr('class', 'panel-title');
      line.append('b');
      line.append('span');
      return line;
    });
  title.select('b').text(box.label);
  const behindTheName = ` ${what.join(', ')}`;
  title.select('span').text(behindTheName);
  const button = select(panel)
    .selectAll<HTMLButtonElement, number>('button')
    .data([0])
    .join('button')
    .attr('type', 'button')
    .attr('class', 'btn')
    .attr('data-part', 'toggle')
    .attr('data-needs', 'script')
    .attr('hidden', canOpen(box) ? null : '');
  setText(button.node(), t(open.has(box.id) ? 'atlas.close' : 'atlas.open'));
  drawFacts(panel, [
    ...costFacts(network, box),
    ...timeFacts(state, box),
    ...flowFacts(network, box),
    ...fileFacts(box),
  ]);
}

function costFacts(network: AtlasNetwork, box: AtlasBox): Fact[] {
  const say = (cost: CostName): string =>
    cost === 'activationBytes' ? sayCost(cost, box[cost]) : formatCount(box[cost]);
  const facts = costs.map((cost) => ({
    name: cost === 'activationBytes' ? t('atlas.cost.activationBytes.long') : t(`atlas.cost.${cost}`),
    values: [
      box[cost]
        ? `${say(cost)}, ${t('atlas.ofNetwork', { share: formatPercent(shareOf(network, box, cost)) })}`
        : '0',
    ],
  }));
  const { receptiveField: size, heads } = box;
  if (size !== undefined) facts.push({ name: t('atlas.field'), values: [t('atlas.field.value', { size })] });
  if (heads !== undefined) facts.push({ name: t('atlas.heads'), values: [formatCount(heads)] });
  return facts;
}

/** How long the box took by itself, beside the sum of all that were timed. */
function timeFacts({ look }: AtlasState, { id }: AtlasBox): Fact[] {
  const elapsedMs = look?.times.get(id);
  if (look === undefined || elapsedMs === undefined) return [];
  const sum = [...look.times.values()].reduce((total, one) => total + one, 0);
  return [
    {
      name: t('atlas.cost.time'),
      values: [
        t('atlas.time', { time: formatMilliseconds(elapsedMs), share: formatPercent(elapsedMs / sum) }),
      ],
    },
  ];
}

function flowFacts({ values }: AtlasNetwork, box: AtlasBox): Fact[] {
  const say = (name: string): string =>
    `${name} ${sayShape(values[name]?.shape)} ${values[name]?.dtype ?? ''}`.trim();
  return [
    { name: t('atlas.takes'), values: box.inputs.map(say) },
    { name: t('atlas.gives'), values: box.outputs.map(say) },
  ];
}

function fileFacts({ node, attributes = [], weights = [] }: AtlasBox): Fact[] {
  const stored = weights.map(({ name, dtype, shape }) => `${name} ${sayShape(shape)} ${dtype}`);
  return [
    ...(node === undefined ? [] : [{ name: t('atlas.node'), values: [node] }]),
    ...attributes.map(([name, value]) => ({ name, values: [value] })),
    ...(stored.length ? [{ name: t('atlas.stored'), values: stored }] : []),
  ];
}

function drawFacts(panel: HTMLElement, facts: readonly Fact[]): void {
  const list = select(panel).selectAll<HTMLElement, number>('dl').data([0]).join('dl');
  const rows = list
    .selectAll<HTMLElement, Fact>('div')
    .data(facts.filter(({ values }) => values.length > 0))
    .join((enter) => {
      const row = enter.append('div');
      row.append('dt');
      return row;
    });
  rows.select('dt').text(({ name }) => name);
  rows
    .selectAll<HTMLElement, string>('dd')
    .data(({ values }) => values)
    .join('dd')
    .text((value) => value);
}
