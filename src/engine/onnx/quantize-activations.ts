/**
 * From int8 weights to a wholly int8 network: the QDQ form, in which QuantizeLinear/DequantizeLinear pairs tell the runtime
 * where values may stay int8. Runtimes recognise DequantizeLinear → operator → QuantizeLinear and run an integer kernel.
 */
import { buildNode, withGraph } from './build.ts';
import { dequantizeWeights, dropUnread, storedInt8 } from './dequantize-weights.ts';
import { batchNormAffine, foldAffine, quantizeBias } from './fold-batch-norm.ts';
import type { StoredInt8 } from './dequantize-weights.ts';
import type { ChannelAffine } from './fold-batch-norm.ts';
import { describeNode, indexGraph } from './graph-index.ts';
import { OnnxError } from './onnx-error.ts';
import { float32Tensor, float32Values, int32Tensor, int8Tensor, uint8Tensor } from './tensor-values.ts';
import type { Model, Node, Tensor } from './types.ts';

/** Smallest and largest element of values over many pictures, by value name: a manifest's `activationRanges`. */
export type ActivationRanges = Readonly<Record<string, readonly [number, number]>>;

/** value = (q − zero) · scale with q in uint8. */
interface Quantization {
  readonly scale: number;
  readonly zero: number;
}

/** Operators that only choose or move elements: their output shares the input's scale, so runtimes need no arithmetic. */
const rearranging = new Set(['MaxPool', 'Flatten', 'Reshape', 'Transpose', 'Identity']);
const computing = new Set(['Conv', 'BatchNormalization', 'Relu', 'Add', 'GlobalAveragePool', 'AveragePool']);

/**
 * The model in QDQ form. Values keep their names as outputs of a DequantizeLinear; those between fused operators stay float
 * (a sum before its ReLU), and the output of a convolution before its BatchNorm is gone, as the pair is folded. The graph's
 * outputs and the head stay float, and so do nodes without int8 weights or behind unknown operators.

 * @param ranges of the graph's input and of every value that ends a fused group: ReLU outputs, sums, BatchNorms before a sum, average
 * pools, and whatever else feeds a convolution with int8 weights.
 * @throws OnnxError naming the first value whose range is missing or makes no sense.
 */
export function quantizeActivations(model: Model, ranges: ActivationRanges): Model {
  const { graph } = withFloatHead(model);
  const { producers, consumers, outputNames } = indexGraph(graph);
  const initializers = new Map(graph.initializers);
  const nodes: Node[] = [];
  const quantized = new Map<string, Quantization>();
  const renamed = new Map<string, string>();

  for (const { name, dtype } of graph.inputs) {
    if (dtype !== 'float32' || graph.initializers.has(name)) continue;
    // the graph's input keeps its name, so its dequantized form needs another
    renamed.set(name, `${name}.dequantized`);
    quantize(name, name, quantizationOf(name, rangeOf(name), false), `${name}.dequantized`);
  }
  for (const node of graph.nodes) {
    if (storedInt8(graph, node) !== undefined || foldedNorm(node) !== undefined) continue;
    const norm = followingNorm(node);
    const folded = norm && batchNormAffine(graph, norm);
    const output = (folded ? norm : node).outputs[0] ?? '';
    const stored = weightOf(node);
    const inner = stored ? withFoldedWeights(node, stored, folded) : node;
    const target = quantizationFor(node, output);
    const inputs = inner.inputs.map((input) => renamed.get(input) ?? input);
    const outputs = [target ? `${output}.float` : output, ...inner.outputs.slice(1)];
    nodes.push({ ...inner, inputs, outputs });
    if (target) quantize(output, `${output}.float`, target, output);
  }
  const changed = { ...graph, nodes, initializers };
  dropUnread(
    initializers,
    graph.nodes.flatMap((node) => node.inputs),
    changed,
  );
  return withGraph(model, { ...changed, valueInfos: [] });

  function weightOf(node: Node): StoredInt8 | undefined {
    const unpacker = node.opType === 'Conv' ? producers.get(node.inputs[1] ?? '') : undefined;
    return unpacker && storedInt8(graph, unpacker);
  }

  /** The BatchNormalization that alone reads a convolution with int8 weights. */
  function followingNorm(node: Node): Node | undefined {
    const [output] = node.outputs;
    const users = consumers.get(output) ?? [];
    const isAlone = users.length === 1 && !outputNames.has(output);
    if (!isAlone || users[0].opType !== 'BatchNormalization' || !weightOf(node)) return undefined;
    return batchNormAffine(graph, users[0]) && users[0];
  }

  /** The convolution into which a BatchNormalization goes. */
  function foldedNorm(node: Node): Node | undefined {
    const producer = node.opType === 'BatchNormalization' ? producers.get(node.inputs[0] ?? '') : undefined;
    return producer && followingNorm(producer) === node ? producer : undefined;
  }

  /** How a node's output is quantized; undefined when it stays float. */
  function quantizationFor(node: Node, output: string): Quantization | undefined {
    const users = consumers.get(output) ?? [];
    if (users.length === 0) return undefined;
    // a ReLU alone behind a convolution or sum becomes part of its kernel, through the zero point of the ReLU's own output
    if (users.length === 1 && users[0].opType === 'Relu' && !outputNames.has(output)) return undefined;
    const inherited = rearranging.has(node.opType) ? quantized.get(node.inputs[0]) : undefined;
    if (inherited !== undefined) return inherited;
    const isNeeded =
      computing.has(node.opType) || users.some((user) => weightOf(user) && user.inputs[0] === output);
    return isNeeded ? quantizationOf(output, rangeOf(output), node.opType === 'Relu') : undefined;
  }

  /** A value's range, widened to that of its rearranged forms: when ranges are percentiles, a maximum's exceed its input's. */
  function rangeOf(value: string): readonly [number, number] {
    if (!Object.hasOwn(ranges, value)) {
      throw new OnnxError(`There is no activation range for "${value}", which int8 needs.`);
    }
    const [low, high] = ranges[value];
    const later = (consumers.get(value) ?? [])
      .filter((user) => rearranging.has(user.opType) && Object.hasOwn(ranges, user.outputs[0]))
      .map((user) => ranges[user.outputs[0]]);
    return [
      Math.min(low, ...later.map((range) => range[0])),
      Math.max(high, ...later.map((range) => range[1])),
    ];
  }

  /** A QuantizeLinear/DequantizeLinear pair from `source` to `result`. */
  function quantize(value: string, source: string, quantization: Quantization, result: string): void {
    const scale = store(float32Tensor(`${value}.scale`, [], [quantization.scale]));
    const zero = store(uint8Tensor(`${value}.zero`, [], Uint8Array.of(quantization.zero)));
    nodes.push(buildNode('QuantizeLinear', `${value}.quantize`, [source, scale, zero], [`${value}.uint8`]));
    nodes.push(
      buildNode('DequantizeLinear', `${value}.dequantize`, [`${value}.uint8`, scale, zero], [result]),
    );
    quantized.set(value, quantization);
  }

  /** A Conv with its weights refolded and its bias in int32, in units of input scale · weight scale. */
  function withFoldedWeights(node: Node, stored: StoredInt8, affine: ChannelAffine | undefined): Node {
    const [x, weightName, biasName = ''] = node.inputs;
    const input = quantized.get(x);
    const storedBias = graph.initializers.get(biasName);
    if (input === undefined || (biasName !== '' && storedBias === undefined)) {
      throw new OnnxError(
        `${describeNode(node)} has a constant input or a computed bias, which int8 does not allow.`,
      );
    }
    const weights = foldAffine(stored, affine, storedBias && float32Values(storedBias));
    const bias = quantizeBias(weights, input.scale);
    const channels = weights.scales.length;
    const biasScales = weights.scales.map((scale) => scale * input.scale);
    const isOwn = biasName !== '' && consumers.get(biasName)?.length === 1;
    const newBias = isOwn ? biasName : `${node.outputs[0]}.bias`;
    unpackFrom(
      weightName,
      int8Tensor(`${weightName}.int8`, stored.quantized.dims, weights.q),
      weights.scales,
    );
    unpackFrom(newBias, int32Tensor(`${newBias}.int32`, [channels], bias), biasScales);
    return { ...node, inputs: [x, weightName, newBias], outputs: node.outputs };
  }

  function unpackFrom(name: string, packed: Tensor, scales: Float32Array): void {
    const scale = store(float32Tensor(`${name}.scale`, [scales.length], scales));
    nodes.push(
      buildNode('DequantizeLinear', `${name}.dequantize`, [store(packed), scale], [name], { axis: 0 }),
    );
    initializers.delete(name);
  }

  function store(tensor: Tensor): string {
    initializers.set(tensor.name, tensor);
    return tensor.name;
  }
}

/**
 * The model with every int8 weight unpacked but those of convolutions that have theirs alone. Folding changes weights, so shared
 * ones must stay; a head is a few thousand weights, gains nothing from int8 and decides the answer.
 */
function withFloatHead(model: Model): Model {
  const { consumers } = indexGraph(model.graph);
  const own = new Set<string>();
  for (const { opType, inputs } of model.graph.nodes) {
    if (opType === 'Conv' && consumers.get(inputs[1] ?? '')?.length === 1) own.add(inputs[1]);
  }
  return dequantizeWeights(model, (name) => !own.has(name));
}

/** Asymmetric uint8 over a range that is widened to contain 0, so that zero padding is exact. */
function quantizationOf(name: string, range: readonly [number, number], isRelu: boolean): Quantization {
  const low = isRelu ? 0 : Math.min(0, range[0]);
  const high = Math.max(0, range[1]);
  if (!Number.isFinite(high - low))
    throw new OnnxError(`The activation range of "${name}" is [${range.join(', ')}].`);
  const scale = Math.fround(Math.max((high - low) / 255, 1e-8));
  return { scale, zero: Math.min(255, Math.round(-low / scale)) };
}
