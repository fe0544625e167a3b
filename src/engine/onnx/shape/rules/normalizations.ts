/** Normalisation, and what goes with training. */
import { intAttribute, stringAttribute } from '../../graph-index.ts';
import { dataTypesByNumber } from '../../types.ts';
import { expectSame, likeFirst, normaliseAxis, row, rows, typeAt } from '../rule.ts';
import type { NamedRow, Site } from '../rule.ts';
import { tensorType } from '../value-type.ts';
import type { ValueType } from '../value-type.ts';

export const normalizationRows: readonly NamedRow[] = [
  row('BatchNormalization', 5, batchNormalization),
  row('LayerNormalization', 2, (site) => [typeAt(site, 0), statistics(site), statistics(site)]),
  // ONNX Runtime writes RMSNormalization under this name into the default domain
  ...rows('RMSNormalization SimplifiedLayerNormalization', 2, (site) => [typeAt(site, 0), statistics(site)]),
  ...rows('InstanceNormalization GroupNormalization', 3, likeFirst),
  ...rows('LpNormalization MeanVarianceNormalization LRN', 1, likeFirst),
  row('NegativeLogLikelihoodLoss', 2, (site) => [loss(site)]),
  row('SoftmaxCrossEntropyLoss', 2, (site) => [loss(site), typeAt(site, 0)]),
];

/** In training (an attribute since opset 14, more outputs before) it also returns the new running statistics. */
function batchNormalization(site: Site): ValueType[] {
  const [x, scale] = [typeAt(site, 0), typeAt(site, 1)];
  if (x.dims !== undefined && scale.dims !== undefined)
    expectSame(site.node, 'channels', x.dims[1], scale.dims[0]);
  const running = [typeAt(site, 3), typeAt(site, 4)];
  return [x, ...running, ...running];
}

/** Mean and deviation: the normalised axes, from `axis` on, have one element; `stash_type` is their element type. */
function statistics({ node, types: [x] }: Site): ValueType {
  const dtype = dataTypesByNumber.get(intAttribute(node, 'stash_type', 1));
  if (x.dims === undefined) return tensorType(dtype, undefined);
  const from = normaliseAxis(node, intAttribute(node, 'axis', -1), x.dims.length);
  return tensorType(
    dtype,
    x.dims.map((dim, axis) => (axis < from ? dim : 1)),
  );
}

function loss(site: Site): ValueType {
  const whole = stringAttribute(site.node, 'reduction', 'mean') !== 'none';
  return tensorType(typeAt(site, 0).dtype, whole ? [] : typeAt(site, 1).dims);
}
