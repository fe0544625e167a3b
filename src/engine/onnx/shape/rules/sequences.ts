/** Lists of tensors (opset 11) and values that may be missing (opset 15). */
import { intAttribute } from '../../graph-index.ts';
import type { Attribute, Dim } from '../../types.ts';
import { dtypeAttribute, fail, normaliseAxis, row, typeAt, withDims } from '../rule.ts';
import type { NamedRow, Site } from '../rule.ts';
import { containerOf, eitherType, elementOf, emptySequence, tensorType } from '../value-type.ts';
import type { ValueType } from '../value-type.ts';

export const sequenceRows: readonly NamedRow[] = [
  row('SequenceEmpty', 0, ({ node }) => [
    emptySequence(tensorType(dtypeAttribute(node, 'dtype', 'float32'), undefined)),
  ]),
  row('SequenceConstruct', 1, ({ types }) => [containerOf('sequence', types.reduce(eitherType))]),
  row('SequenceInsert', 2, ({ types: [list, item] }) => [eitherType(list, containerOf('sequence', item))]),
  row('SequenceErase', 1, ({ types: [list] }) => [list]),
  row('SequenceAt', 2, ({ types: [list] }) => [elementOf(list)]),
  row('SequenceLength', 1, () => [tensorType('int64', [])]),
  row('SplitToSequence', 1, splitToSequence),
  row('ConcatFromSequence', 1, concatFromSequence),
  row('SequenceMap', 1, sequenceMap),
  row('Optional', 0, ({ node, types }) => [
    containerOf('optional', types.at(0) ?? typeOfAttribute(node.attributes.get('type'))),
  ]),
  // since opset 18 these also take what is no optional
  row('OptionalGetElement', 1, ({ types: [x] }) => [x.container?.kind === 'optional' ? elementOf(x) : x]),
  row('OptionalHasElement', 0, () => [tensorType('bool', [])]),
];

function typeOfAttribute(attribute: Attribute | undefined): ValueType {
  return attribute?.type === 'valueType' ? attribute.value : {};
}

/** Parts of one size, of given sizes, or of one element each, whose axis `keepdims` may then drop. */
function splitToSequence(site: Site): ValueType[] {
  const { node } = site;
  const x = typeAt(site, 0);
  if (x.dims === undefined) return [containerOf('sequence', x)];
  const axis = normaliseAxis(node, intAttribute(node, 'axis', 0), x.dims.length);
  const dropped = !site.has(1) && intAttribute(node, 'keepdims', 1) === 0;
  const size = site.has(1) ? partSize(site, x.dims[axis]) : 1;
  const dims = x.dims.map((dim, at) => (at === axis ? size : dim));
  return [containerOf('sequence', withDims(x, dropped ? dims.filter((_, at) => at !== axis) : dims))];
}

/** One number cuts parts of that size, and the last is what is left; a list says the size of each. */
function partSize(site: Site, whole: Dim): Dim {
  const sizes = site.numbers(1);
  if (sizes === undefined || sizes.length === 0 || sizes.some((one) => one !== sizes[0])) return '?';
  if (typeAt(site, 1).dims?.length !== 0) return sizes[0];
  if (typeof whole !== 'number' || sizes[0] < 1) return '?';
  return sizes[0] >= whole ? whole : whole % sizes[0] === 0 ? sizes[0] : '?';
}

function concatFromSequence({ node, types: [list] }: Site): ValueType[] {
  const element = elementOf(list);
  if (element.dims === undefined) return [element];
  const fresh = intAttribute(node, 'new_axis', 0) === 1;
  const rank = element.dims.length + (fresh ? 1 : 0);
  const axis = normaliseAxis(node, intAttribute(node, 'axis', 0), rank);
  const rest = fresh ? [...element.dims.slice(0, axis), '?', ...element.dims.slice(axis)] : element.dims;
  return [
    withDims(
      element,
      rest.map((dim, at) => (at === axis ? '?' : dim)),
    ),
  ];
}

/** A subgraph for every element (opset 17). */
function sequenceMap(site: Site): ValueType[] {
  const body = site.node.attributes.get('body');
  if (body?.type !== 'graph') return fail(site.node, 'has no body');
  const items = site.types.map((type) => (type.container?.kind === 'sequence' ? elementOf(type) : type));
  return site.infer(body.value, items).map((type) => containerOf('sequence', type));
}
