/** Recurrent layers: x [steps, batch, input], or batch first when `layout` is 1 (opset 14). */
import { intAttribute, stringAttribute } from '../../graph-index.ts';
import type { Dim } from '../../types.ts';
import { dimAt, expectRank, rows, typeAt, withDims } from '../rule.ts';
import type { NamedRow, Site } from '../rule.ts';
import type { ValueType } from '../value-type.ts';

export const recurrentRows: readonly NamedRow[] = [...rows('RNN GRU LSTM', 3, recurrent)];

/** Outputs: every step's state [steps, directions, batch, hidden], the last state, and for the LSTM its last cell. */
export function recurrent(site: Site): ValueType[] {
  const { node } = site;
  const x = typeAt(site, 0);
  expectRank(node, x, 3, 3);
  const directions = stringAttribute(node, 'direction', 'forward') === 'bidirectional' ? 2 : 1;
  const stated = intAttribute(node, 'hidden_size', 0);
  const hidden: Dim = stated > 0 ? stated : dimAt(typeAt(site, 2), 2);
  if (intAttribute(node, 'layout', 0) === 1) {
    const [batch, steps] = [dimAt(x, 0), dimAt(x, 1)];
    const last = withDims(x, [batch, directions, hidden]);
    return [withDims(x, [batch, steps, directions, hidden]), last, last];
  }
  const [steps, batch] = [dimAt(x, 0), dimAt(x, 1)];
  const last = withDims(x, [directions, batch, hidden]);
  return [withDims(x, [steps, directions, batch, hidden]), last, last];
}
