/** Values of a graph that computes in 8 bits, and the nodes that turn them into the floats that they stand for. */
import { buildNode } from './build.ts';
import type { Graph, Node } from './types.ts';

/** Which input of an operator is its output's scale; the zero point is the next one. */
const scaleInputs: Readonly<Record<string, number>> = {
  QuantizeLinear: 1,
  QLinearConv: 6,
  QLinearMatMul: 6,
  QLinearAdd: 6,
  QLinearMul: 6,
  QGemm: 7,
  QLinearGlobalAveragePool: 3,
  QLinearAveragePool: 3,
  QLinearLeakyRelu: 3,
  QLinearSigmoid: 3,
  QLinearConcat: 0,
};

/** Operators that move 8-bit values without changing what they stand for. */
const movers = new Set(['Reshape', 'Flatten', 'Squeeze', 'Unsqueeze', 'Transpose', 'MaxPool', 'Identity']);

/** The name under which the floats of an 8-bit value can be asked for. */
export function floatName(value: string): string {
  return `${value}/float`;
}

/** For every 8-bit value of the graph a DequantizeLinear node, by the name of the float value that it makes. The graph has none of them. */
export function unpackersOf({ nodes }: Graph): ReadonlyMap<string, Node> {
  const parts = new Map<string, readonly [scale: string, zero: string]>();
  for (const { opType, inputs, outputs } of nodes) {
    const at = scaleInputs[opType];
    const [scale, zero] = at === undefined ? [] : [inputs[at], inputs[at + 1]];
    const own = scale && zero ? ([scale, zero] as const) : undefined;
    const found = own ?? (movers.has(opType) ? parts.get(inputs[0]) : undefined);
    if (found && outputs[0]) parts.set(outputs[0], found);
  }
  return new Map(
    [...parts].map(([value, [scale, zero]]) => {
      const name = floatName(value);
      return [name, buildNode('DequantizeLinear', name, [value, scale, zero], [name])];
    }),
  );
}
