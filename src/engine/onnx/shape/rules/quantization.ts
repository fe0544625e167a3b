/** Between floats and small integers. */
import { dtypeAttribute, row, typeAt, withDtype } from '../rule.ts';
import type { NamedRow, Site } from '../rule.ts';
import { tensorType } from '../value-type.ts';
import type { ValueType } from '../value-type.ts';

export const quantizationRows: readonly NamedRow[] = [
  row('QuantizeLinear', 2, (site) => [quantize(site)]),
  // output_dtype since opset 23
  row('DequantizeLinear', 2, (site) => [
    withDtype(
      typeAt(site, 0),
      dtypeAttribute(site.node, 'output_dtype') ?? typeAt(site, 1).dtype ?? 'float32',
    ),
  ]),
  row('DynamicQuantizeLinear', 1, ({ types: [x] }) => [
    withDtype(x, 'uint8'),
    tensorType('float32', []),
    tensorType('uint8', []),
  ]),
];

/** The element type is that of the zero point, else what `output_dtype` (opset 21) says, else uint8. */
export function quantize(site: Site): ValueType {
  const dtype = site.has(2) ? typeAt(site, 2).dtype : (dtypeAttribute(site.node, 'output_dtype') ?? 'uint8');
  return withDtype(typeAt(site, 0), dtype);
}
