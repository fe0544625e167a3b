/**
 * From int8 weights to integer matrix products: what a transformer gains from int8. The weights of a product come as stored int8 behind
 * a DequantizeLinear and a Transpose; what enters the product passes the 256 steps of its range. Runtimes recognise
 * DequantizeLinear, DequantizeLinear → MatMul and run an integer kernel; everything else stays float32.
 */
import { buildNode, withGraph } from './build.ts';
import { dequantizeWeights, storedInt8, type StoredInt8 } from './dequantize-weights.ts';
import { prune } from './edits/prune.ts';
import { indexGraph } from './graph-index.ts';
import { OnnxError } from './onnx-error.ts';
import type { ActivationRanges } from './quantize-activations.ts';
import { float32Tensor, int8Tensor, int8Values, uint8Tensor } from './tensor-values.ts';
import type { Model, Node, Tensor } from './types.ts';

/**
 * The model with its products in int8. Values keep their names and stay float32; the table of the embeddings is unpacked for looking
 * up and keeps a second, packed form where it is also a head's matrix.
 * @param ranges of every value that enters a product with int8 weights.
 * @throws OnnxError naming the first value whose range is missing.
 */
export function quantizeProducts(model: Model, ranges: ActivationRanges): Model {
  const { producers } = indexGraph(model.graph);
  const plain = dequantizeWeights(model).graph;
  const initializers = new Map<string, Tensor>();
  const seen = new Set<string>();
  const nodes: Node[] = [];
  for (const node of plain.nodes) {
    const weights = node.opType === 'MatMul' ? transposedWeights(node) : undefined;
    if (!weights) {
      nodes.push(node);
      continue;
    }
    const [value] = node.inputs;
    if (!seen.has(value)) nodes.push(...stepped(value));
    seen.add(value);
    const name = `${node.outputs[0]}.weight`;
    nodes.push(...unpacked(name, weights), { ...node, inputs: [`${value}.stepped`, name] });
  }
  return prune(withGraph(model, { nodes, initializers: new Map([...plain.initializers, ...initializers]) }));

  /** The int8 matrix [outputs, inputs] that a product reads turned over. */
  function transposedWeights({ inputs }: Node): StoredInt8 | undefined {
    const turned = producers.get(inputs[1] ?? '');
    const unpacker = turned?.opType === 'Transpose' ? producers.get(turned.inputs[0] ?? '') : undefined;
    const stored = unpacker && storedInt8(model.graph, unpacker);
    return stored?.quantized.dims.length === 2 && stored.axis === 0 ? stored : undefined;
  }

  /** A value on the 256 steps of its range, widened to contain 0: QuantizeLinear and back. */
  function stepped(value: string): Node[] {
    if (!Object.hasOwn(ranges, value))
      throw new OnnxError(`There is no activation range for "${value}", which int8 needs.`);
    const [low, high] = [Math.min(0, ranges[value][0]), Math.max(0, ranges[value][1])];
    const step = Math.fround(Math.max((high - low) / 255, 1e-8));
    const parts = [
      store(float32Tensor(`${value}.step`, [], [step])),
      store(uint8Tensor(`${value}.zero`, [], Uint8Array.of(Math.min(255, Math.round(-low / step))))),
    ];
    return [
      buildNode('QuantizeLinear', `${value}.quantize`, [value, ...parts], [`${value}.uint8`]),
      buildNode(
        'DequantizeLinear',
        `${value}.dequantize`,
        [`${value}.uint8`, ...parts],
        [`${value}.stepped`],
      ),
    ];
  }

  /** The matrix as [inputs, outputs] with a scale for each output. */
  function unpacked(name: string, { quantized, scales }: StoredInt8): Node[] {
    const [outputs, inputs] = quantized.dims;
    const source = int8Values(quantized);
    const turned = new Int8Array(source.length);
    for (let row = 0; row < outputs; row++)
      for (let column = 0; column < inputs; column++)
        turned[column * outputs + row] = source[row * inputs + column];
    const every = scales.length === 1 ? new Float32Array(outputs).fill(scales[0]) : scales;
    const parts = [
      store(int8Tensor(`${name}.int8`, [inputs, outputs], turned)),
      store(float32Tensor(`${name}.scale`, [outputs], every)),
      store(int8Tensor(`${name}.zero`, [outputs], new Int8Array(outputs))),
    ];
    return [buildNode('DequantizeLinear', `${name}.dequantize`, parts, [name], { axis: 1 })];
  }

  function store(tensor: Tensor): string {
    initializers.set(tensor.name, tensor);
    return tensor.name;
  }
}
