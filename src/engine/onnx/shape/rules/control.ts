/** Branches and loops: their subgraphs are inferred with what goes into them. */
import { intAttribute, intsAttribute } from '../../graph-index.ts';
import type { Dim, Graph, Node } from '../../types.ts';
import { fail, normaliseAxis, row, typeAt, withDims } from '../rule.ts';
import type { NamedRow, Site } from '../rule.ts';
import { eitherType, tensorType } from '../value-type.ts';
import type { ValueType } from '../value-type.ts';

export const controlRows: readonly NamedRow[] = [
  row('If', 1, branch),
  row('Loop', 2, loop),
  row('Scan', 1, scan),
];

/** The branch that is taken where that is known, else what holds for both. */
function branch(site: Site): ValueType[] {
  const [yes, no] = ['then_branch', 'else_branch'].map((name) => site.infer(bodyOf(site.node, name), []));
  const condition = site.numbers(0)?.[0];
  return site.node.outputs.map((_, at) => {
    if (condition !== undefined) return (condition === 0 ? no : yes)[at] ?? {};
    return eitherType(yes[at] ?? {}, no[at] ?? {});
  });
}

/**
 * Inputs: the most rounds, the condition, carried values. The body takes (round, condition, carried) and gives (condition,
 * carried, scanned); scanned values are stacked along a new first axis.
 */
function loop(site: Site): ValueType[] {
  const { node } = site;
  const body = bodyOf(node, 'body');
  const carriedCount = Math.max(0, node.inputs.length - 2);
  const fixed = [tensorType('int64', []), tensorType('bool', [])];
  const { carried, results } = settle(site, body, site.types.slice(2), (state) => [...fixed, ...state], 1);
  const stacked = results
    .slice(1 + carriedCount)
    .map((type) => withDims(type, type.dims && [roundsOf(site, body), ...type.dims]));
  return [...carried, ...stacked];
}

/** How many rounds a Loop makes, when its number is given and it is known whether something ends it early. */
function roundsOf(site: Site, body: Graph): Dim {
  const most = site.has(0) ? site.symbols(0)?.[0] : Infinity;
  const starts = site.has(1) ? site.numbers(1)?.[0] : 1;
  if (starts === 0 || (typeof most === 'number' && most <= 0)) return 0;
  const goesOn = whetherItGoesOn(body);
  if (starts !== 1 || most === undefined || goesOn === undefined) return '?';
  if (goesOn) return most === Infinity ? '?' : most;
  // a number that has only a name may be 0
  return typeof most === 'number' ? Math.min(1, most) : '?';
}

/** What every round of a Loop says of the next one; undefined when that is worked out. */
function whetherItGoesOn(body: Graph): boolean | undefined {
  const name = body.outputs.at(0)?.name ?? '';
  const producer = (of: string) => body.nodes.find((node) => node.outputs[0] === of);
  const last = producer(name);
  const source = last?.opType === 'Identity' || last?.opType === 'Cast' ? last.inputs[0] : name;
  // once begun, the condition that came in was true
  if (source === body.inputs.at(1)?.name) return true;
  const value = producer(source)?.attributes.get('value');
  const tensor = body.initializers.get(source) ?? (value?.type === 'tensor' ? value.value : undefined);
  return tensor?.dtype === 'bool' && tensor.bytes.length > 0 ? tensor.bytes[0] !== 0 : undefined;
}

/**
 * Inputs: carried values, then sequences that are read along an axis (opset 9; in 8 a leading sequence length).
 * The body takes (carried, one element of each) and gives (carried, elements of the results).
 */
function scan(site: Site): ValueType[] {
  const { node } = site;
  const body = bodyOf(node, 'body');
  const scanned = intAttribute(node, 'num_scan_inputs', 0);
  const first = site.opset < 9 ? 1 : 0;
  // opset 8 had a batch axis in front of everything
  const outer = site.opset < 9 ? 1 : 0;
  const carriedCount = node.inputs.length - first - scanned;
  if (scanned < 1 || carriedCount < 0)
    return fail(node, `reads ${scanned} sequences of ${node.inputs.length} inputs`);
  const axes = intsAttribute(node, 'scan_input_axes');
  let length: Dim = '?';
  const elements = site.types.slice(first + carriedCount).map((type, at) => {
    if (type.dims === undefined) return type;
    const axis = outer + normaliseAxis(node, axes?.[at] ?? 0, type.dims.length - outer);
    if (length === '?') length = type.dims[axis];
    return withDims(
      type,
      type.dims.filter((_, index) => index !== axis && index >= outer),
    );
  });
  const states = site.types
    .slice(first, first + carriedCount)
    .map((type) => withDims(type, type.dims?.slice(outer)));
  const { carried, results } = settle(site, body, states, (state) => [...state, ...elements], 0);
  const lead: Dim[] = outer === 1 ? [typeAt(site, first + carriedCount).dims?.[0] ?? '?'] : [];
  const outputAxes = intsAttribute(node, 'scan_output_axes');
  const stacked = results.slice(carriedCount).map((type, at) => {
    if (type.dims === undefined) return type;
    const axis = normaliseAxis(node, outputAxes?.[at] ?? 0, type.dims.length + 1);
    return withDims(type, [...lead, ...type.dims.slice(0, axis), length, ...type.dims.slice(axis)]);
  });
  return [...carried.map((type) => withDims(type, type.dims && [...lead, ...type.dims])), ...stacked];
}

/**
 * Carried values must have one type in all rounds: what a round changes is unknown. A change may pass from one to the next
 * in every round; where that does not end, nothing is said.
 */
function settle(
  site: Site,
  body: Graph,
  initial: readonly ValueType[],
  inputsOf: (carried: readonly ValueType[]) => readonly ValueType[],
  skipped: number,
): { readonly carried: readonly ValueType[]; readonly results: readonly ValueType[] } {
  let carried = initial;
  let results: readonly ValueType[] = [];
  for (let round = 0; round < 3 + initial.length; round++) {
    results = site.infer(body, inputsOf(carried), round > 0);
    const next = carried.map((type, at) => eitherType(type, results[skipped + at] ?? {}));
    const settled = next.every((type, at) => JSON.stringify(type) === JSON.stringify(carried[at]));
    carried = next;
    if (settled) return { carried, results };
  }
  const unknown = initial.map(() => ({}));
  return { carried: unknown, results: site.infer(body, inputsOf(unknown), true) };
}

function bodyOf(node: Node, name: string): Graph {
  const attribute = node.attributes.get(name);
  return attribute?.type === 'graph' ? attribute.value : fail(node, `has no subgraph "${name}"`);
}
