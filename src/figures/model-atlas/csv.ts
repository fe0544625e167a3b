/** The operators of a network as comma-separated values (RFC 4180), for a spreadsheet. */
import { csvText } from '../kit/csv.ts';
import type { AtlasBox, AtlasNetwork } from './model.ts';
import { outputOf } from './model.ts';

const cells: Record<string, (box: AtlasBox, network: AtlasNetwork) => string | number> = {
  name: (box) => box.node ?? box.label,
  operator: (box) => box.op ?? '',
  block: (box) => box.parent ?? '',
  'output shape': (box, network) => (outputOf(network, box).shape ?? []).join('x'),
  'output type': (box, network) => outputOf(network, box).dtype ?? '',
  parameters: (box) => box.parameters,
  MACs: (box) => box.macs,
  'activation bytes': (box) => box.activationBytes,
  'receptive field': (box) => box.receptiveField ?? '',
  attributes: (box) => (box.attributes ?? []).map(([name, value]) => `${name}=${value}`).join('; '),
  stored: (box) => (box.weights ?? []).map(({ name }) => name).join('; '),
};

/** A heading and one line for each box, in the given order. */
export function toCsv(network: AtlasNetwork, boxes: readonly AtlasBox[]): string {
  const rows = boxes.map((box) => Object.values(cells).map((cell) => cell(box, network)));
  return csvText([Object.keys(cells), ...rows]);
}
