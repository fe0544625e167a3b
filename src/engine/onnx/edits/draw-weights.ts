import type { SeededRandom } from '../../../data/seeded-random.ts';
import { withGraph } from '../build.ts';
import { OnnxError } from '../onnx-error.ts';
import { float32Tensor } from '../tensor-values.ts';
import type { Model, Node, Tensor } from '../types.ts';

/** How a weight begins: its values, given the size of the tensor. */
type Start = (dims: readonly number[], random: SeededRandom) => Float32Array;

/** Standard deviation of a head's first weights, as in training/shared/vision/architecture.py: its first answers are nearly even. */
const headDeviation = 0.01;

/** Standard deviation of the weights of text networks, as in training/shared/language/transformer.py (Devlin et al. 2019). */
const textDeviation = 0.02;

const drawText: Start = (dims, random) => drawNormal(dims, textDeviation, random);

/** What each operator's inputs begin as, by place; place 0 is the activation. */
const starts: Partial<Record<string, readonly (Start | undefined)[]>> = {
  // He initialisation (He et al. 2015) by the outgoing connections: N(0, 2 / (channels out · window))
  Conv: [
    undefined,
    (dims, random) => {
      const [channelsOut = 1, , ...window] = dims;
      return drawNormal(dims, Math.sqrt(2 / window.reduce((a, b) => a * b, channelsOut)), random);
    },
    filled(0),
  ],
  Gemm: [undefined, (dims, random) => drawNormal(dims, headDeviation, random), filled(0)],
  // Scale, shift, running mean, running variance of a norm that has seen nothing
  BatchNormalization: [undefined, filled(1), filled(0), filled(0), filled(1)],
  LayerNormalization: [undefined, filled(1), filled(0)],
  // Tables of word pieces and places; linear layers of the recipes turn their weights before they multiply
  Gather: [drawText],
  Slice: [drawText],
  Transpose: [drawText],
  MatMul: [drawText, drawText],
  Add: [filled(0), filled(0)],
};

/** Operators that may read a single number that belongs to the formula, such as the ½ of GELU, and no weight. */
const formulas = new Set(['Add', 'Sub', 'Mul', 'Div', 'Pow']);

/**
 * The model with random weights in place of its own, as a network begins before any training: convolutions by He's rule,
 * a nearly silent head, norms that change nothing. Drawn in the order of the nodes. Its float32 weights must be in
 * memory; a file's int8 weights are unpacked first (`dequantizeWeights`).
 * @throws OnnxError for a weight of an operator without a rule.
 */
export function drawWeights(model: Model, random: SeededRandom): Model {
  const initializers = new Map(model.graph.initializers);
  const drawn = new Set<string>();
  for (const node of model.graph.nodes) {
    node.inputs.forEach((name, place) => {
      const stored = initializers.get(name);
      if (stored?.dtype !== 'float32' || drawn.has(name)) return;
      if (formulas.has(node.opType) && sizeOf(stored.dims) === 1) return;
      drawn.add(name);
      initializers.set(
        name,
        float32Tensor(name, stored.dims, startOf(node, place, stored)(stored.dims, random)),
      );
    });
  }
  return withGraph(model, { initializers });
}

function startOf(node: Node, place: number, stored: Tensor): Start {
  const start = starts[node.opType]?.[place];
  if (start) return start;
  throw new OnnxError(
    `The weight "${stored.name}" belongs to ${node.opType} "${node.name}", for which there is no rule to begin from.`,
    { advice: 'Add the operator to src/engine/onnx/edits/draw-weights.ts.' },
  );
}

function drawNormal(dims: readonly number[], deviation: number, random: SeededRandom): Float32Array {
  return Float32Array.from({ length: sizeOf(dims) }, () => deviation * random.normal());
}

function filled(value: number): Start {
  return (dims) => new Float32Array(sizeOf(dims)).fill(value);
}

function sizeOf(dims: readonly number[]): number {
  return dims.reduce((a, b) => a * b, 1);
}
