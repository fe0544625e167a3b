/** Multiply-accumulates of one node. Operators without a rule have none: additions, activations, pooling, reordering. */
import { countElements, multiplyDims } from './dimensions.ts';
import { intAttribute, stringAttribute } from './graph-index.ts';
import type { ValueType } from './shapes.ts';
import type { Dim, Node } from './types.ts';

/** The size of a named dimension; undefined when it is not known. */
export type SizeOf = (name: string) => number | undefined;

/** What a rule sees of its node. */
interface MacSite {
  readonly node: Node;
  /** Types by input position, empty where nothing is known. */
  readonly inputs: readonly ValueType[];
  readonly output: ValueType;
  readonly elements: (dims: readonly Dim[] | undefined) => number | undefined;
}

/** MACs of a node whose inputs and first output have the given types; undefined when a size is missing. */
export function macsOf(
  node: Node,
  inputs: readonly ValueType[],
  output: ValueType,
  sizeOf: SizeOf,
): number | undefined {
  const rule = macRules.get(node.opType);
  if (rule === undefined) return 0;
  return rule({ node, inputs, output, elements: (dims) => dims && countElements(dims, sizeOf) });
}

type MacRule = (site: MacSite) => number | undefined;

const macRules: ReadonlyMap<string, MacRule> = new Map([
  ...entries('Conv FusedConv NhwcConv DeformConv ConvInteger', convolution(1)),
  ...entries('QLinearConv', convolution(3)),
  ...entries('ConvTranspose', ({ inputs, elements }) =>
    product(elements(inputs[0]?.dims), elements(inputs[1]?.dims?.slice(1))),
  ),
  ...entries('Gemm FusedGemm GemmFastGelu QGemm', ({ node, inputs, output, elements }) =>
    product(
      elements(output.dims),
      elements(lastOr(inputs[0], intAttribute(node, 'transA', 0) === 1 ? 0 : 1)),
    ),
  ),
  ...entries('FusedMatMul TransposeMatMul', ({ node, inputs, output, elements }) =>
    product(
      elements(output.dims),
      elements(lastOr(inputs[0], intAttribute(node, 'transA', 0) === 1 ? -2 : -1)),
    ),
  ),
  ...entries('MatMul MatMulInteger QLinearMatMul MatMulIntegerToFloat DynamicQuantizeMatMul', matrixProduct),
  ...entries('MatMulNBits MatMulBnb4 MatMulFpQ4 FusedMatMulActivation', matrixProduct),
  ...entries('Einsum', einsum),
  ...entries('RNN', recurrent(1)),
  ...entries('GRU', recurrent(3)),
  ...entries('LSTM DynamicQuantizeLSTM', recurrent(4)),
  ...entries('Attention QAttention MultiHeadAttention GroupQueryAttention', attention),
]);

function entries(names: string, rule: MacRule): (readonly [string, MacRule])[] {
  return names.split(' ').map((name) => [name, rule]);
}

/** Every output element is a dot product with one filter of [C_in / groups, k, k]. */
function convolution(weightAt: number): MacRule {
  return ({ inputs, output, elements }) =>
    product(elements(output.dims), elements(inputs[weightAt]?.dims?.slice(1)));
}

function matrixProduct({ inputs, output, elements }: MacSite): number | undefined {
  return product(elements(output.dims), elements(lastOr(inputs[0], -1)));
}

/** One multiplication for every combination of the letters' values. */
function einsum({ node, inputs, output, elements }: MacSite): number | undefined {
  const [left] = stringAttribute(node, 'equation', '').replaceAll(' ', '').split('->');
  if (inputs.length < 2) return 0;
  const sizes = new Map<string, Dim>();
  for (const [at, term] of left.split(',').entries()) {
    // leading axes of "..." are in the output
    const letters = term.replace('...', '');
    const named = inputs[at]?.dims?.slice(-letters.length);
    for (const [index, letter] of Array.from(letters).entries()) sizes.set(letter, named?.[index] ?? '?');
  }
  const open = left.includes('...') ? output.dims?.slice(0, Math.max(0, output.dims.length - 2)) : [];
  return open === undefined ? undefined : elements([...sizes.values(), ...open]);
}

/** For each step, example and direction: gates times (input + state) for each hidden unit. */
function recurrent(gates: number): MacRule {
  return ({ node, inputs, elements }) => {
    const [x, , state] = inputs;
    const width = elements(lastOr(x, 2));
    const hidden = intAttribute(node, 'hidden_size', 0) || elements(lastOr(state, 2));
    const directions = stringAttribute(node, 'direction', 'forward') === 'bidirectional' ? 2 : 1;
    const steps = elements(x?.dims?.slice(0, 2));
    if (width === undefined || hidden === undefined || steps === undefined) return undefined;
    return steps * directions * gates * hidden * (width + hidden);
  };
}

/**
 * Query times key and the result times value for every head; where the node also holds the projections (com.microsoft's
 * Attention with a weight [width, 3 · hidden]), those too.
 */
function attention({ inputs, output, elements }: MacSite): number | undefined {
  const [query, second] = inputs;
  const packedWeight = second?.dims?.length === 2;
  const own = output.dims?.length === 4 ? multiplyDims([output.dims[1], output.dims[3]]) : output.dims?.[2];
  const results = elements(output.dims);
  if (packedWeight) {
    const projections = product(elements(query?.dims?.slice(0, 2)), elements(second.dims));
    const tokens = elements(query?.dims?.slice(1, 2));
    const scores = product(
      elements(query?.dims?.slice(0, 2)),
      product(tokens, elements(own === undefined ? undefined : [own])),
    );
    return sum(projections, product(scores, 2));
  }
  const keys = second?.dims?.length === 4 ? second.dims[2] : second?.dims?.[1];
  const keyTokens = elements(keys === undefined ? undefined : [keys]);
  // every query element meets every key token, and so does every element of the result with the values
  return sum(product(elements(query?.dims), keyTokens), product(results, keyTokens));
}

function lastOr(type: ValueType | undefined, axis: number): readonly Dim[] | undefined {
  const dim = type?.dims?.at(axis);
  return dim === undefined ? undefined : [dim];
}

function product(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a * b;
}

function sum(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a + b;
}
