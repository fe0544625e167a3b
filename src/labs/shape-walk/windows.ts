/** Convolutions and poolings: how often a window fits. NCHW. */
import { intAttribute, intsAttribute } from '../../engine/onnx/graph-index.ts';
import { outputSize, windowOf, type Window } from '../../engine/onnx/spatial.ts';
import type { Dim, Node } from '../../engine/onnx/types.ts';
import type { Formula } from './formula.ts';
import { dimAt, formula, kept, typeAt, wordings, type NamedWording, type Site, type Worded } from './rule.ts';

export const windowWordings: readonly NamedWording[] = [
  ...wordings('Conv ConvInteger', (site) => convolution(site, 1)),
  ...wordings('QLinearConv', (site) => convolution(site, 3)),
  ...wordings('ConvTranspose', transposed),
  ...wordings('MaxPool AveragePool LpPool', pooling),
  ...wordings('GlobalAveragePool GlobalMaxPool GlobalLpPool QLinearGlobalAveragePool', (site) => {
    const { dims } = typeAt(site, 0);
    return (
      dims && { rule: 'global', axes: dims.map((dim, axis) => (axis < 2 ? kept(dim) : formula('1', {}))) }
    );
  }),
];

/** A weight is [filters, channels of a group, kernel …]. */
function convolution(site: Site, weightAt: number): Worded | undefined {
  const [x, weight] = [typeAt(site, 0).dims, typeAt(site, weightAt).dims];
  const kernel = weight?.slice(2).filter((size) => typeof size === 'number');
  if (!x || !weight || kernel?.length !== x.length - 2) return undefined;
  const window = windowOf(site.node, kernel.length, kernel);
  return {
    rule: 'convolution',
    axes: [kept(x[0]), formula('F', { F: weight[0] }), ...places(window, x.slice(2), site.node)],
  };
}

function pooling(site: Site): Worded | undefined {
  const { dims } = typeAt(site, 0);
  if (!dims || dims.length < 3) return undefined;
  const window = windowOf(site.node, dims.length - 2);
  return {
    rule: 'pooling',
    axes: [...dims.slice(0, 2).map(kept), ...places(window, dims.slice(2), site.node)],
  };
}

/** How many places a window takes along each spatial axis. */
function places(window: Window, sizes: readonly Dim[], node: Node): readonly Formula[] {
  const { padsBefore, padsAfter, roundUp } = window;
  return sizes.map((n, axis) => {
    const [k, s, d] = [window.kernel[axis], window.strides[axis], window.dilations[axis]];
    if (!padsBefore || !padsAfter) return formula('ceil(n/s)', { n, s });
    const [p, q] = [padsBefore[axis], padsAfter[axis]];
    const room = `n + ${p === q ? '2*p' : 'p + q'} - ${d === 1 ? 'k' : 'd*(k - 1) - 1'}`;
    const all = `${roundUp ? 'ceil' : 'floor'}((${room})/s) + 1`;
    // Rounded up, the last window may stand in the padding alone; such a one is left out
    const reach = d * (k - 1) + 1;
    const counted = typeof n === 'number' ? Math.ceil((n + p + q - reach) / s) + 1 : undefined;
    const w = roundUp && counted !== undefined ? counted - Number(outputSize(window, axis, n, node)) : 0;
    return formula(w > 0 ? `${all} - w` : all, { n, p, q, k, s, d, w });
  });
}

/** A weight is [channels, filters of a group, kernel …]. */
function transposed(site: Site): Worded | undefined {
  const { node } = site;
  const [x, weight] = [typeAt(site, 0).dims, typeAt(site, 1).dims];
  const kernel = weight?.slice(2).filter((size) => typeof size === 'number');
  if (!x || !weight || kernel?.length !== x.length - 2 || node.attributes.has('output_shape'))
    return undefined;
  const window = windowOf(node, kernel.length, kernel);
  const extra = intsAttribute(node, 'output_padding');
  const axes = kernel.map((k, axis) => {
    const [n, s, d] = [dimAt({ dims: x }, axis + 2), window.strides[axis], window.dilations[axis]];
    if (!window.padsBefore || !window.padsAfter) return formula('n*s', { n, s });
    const [p, q, e] = [window.padsBefore[axis], window.padsAfter[axis], extra?.[axis] ?? 0];
    return formula('s*(n - 1) + d*(k - 1) + 1 - p - q + e', { n, s, d, k, p, q, e });
  });
  const G = intAttribute(node, 'group', 1);
  return { rule: 'transposed', axes: [kept(x[0]), formula('F*G', { F: weight[1], G }), ...axes] };
}
