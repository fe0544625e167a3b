/** LayerNormalization (Ba et al. 2016) and BatchNormalization (Ioffe and Szegedy 2015), with stored or with batch statistics. */
import { floatAttributeOf, intAttribute } from '../../onnx/graph-index.ts';
import { fail } from '../../onnx/shape/rule.ts';
import { add, divide, fromFront, mean, multiply, range, reshape, subtract, sum } from '../arithmetic.ts';
import type { GradientRow, GradientSite, InputGradient } from '../gradient-rule.ts';
import type { GraphBuilder } from '../graph-builder.ts';

export const normalizationRows: readonly GradientRow[] = [
  ['LayerNormalization', layerNorm],
  ['BatchNormalization', (site) => (site.saved.length > 0 ? batchStatistics(site) : storedStatistics(site))],
];

/** dx = (g − mean(g) − x̂·mean(g·x̂))/σ with g = dy·γ; `saved` holds mean and 1/σ. */
function layerNorm({ node, b, dY, saved: [average, inverse] }: GradientSite): InputGradient[] {
  const [x, gamma] = node.inputs;
  const axes = range(b.rank(x)).slice(fromFront(intAttribute(node, 'axis', -1), b.rank(x)));
  const normalised = once(() => multiply(b, subtract(b, x, average), inverse));
  return [
    () => {
      const g = multiply(b, dY, gamma);
      return multiply(b, centred(b, g, normalised(), axes), inverse);
    },
    () => multiply(b, dY, normalised()),
    () => dY,
  ];
}

/** y = γ·(x − μ)/√(σ² + ε) + β with μ and σ² from the file: an affine map per channel. */
function storedStatistics({ node, b, dY }: GradientSite): InputGradient[] {
  const [x, gamma, , average, variance] = node.inputs;
  const channel = (name: string) => perChannel(b, name, b.rank(x));
  const inverse = once(() =>
    inverseDeviation(b, variance, floatAttributeOf(node, 'epsilon', Math.fround(1e-5))),
  );
  const others = range(b.rank(x)).filter((axis) => axis !== 1);
  const untrainable = () => fail(node, 'has running statistics, which are no weights to train');
  return [
    () => multiply(b, dY, channel(multiply(b, gamma, inverse()))),
    () => multiply(b, sum(b, multiply(b, dY, subtract(b, x, channel(average))), others, false), inverse()),
    () => sum(b, dY, others, false),
    untrainable,
    untrainable,
  ];
}

/** The same with mean and variance of the batch, which depend on x; `saved` holds x̂ and 1/σ, float [1, C, 1 …]. */
function batchStatistics({ node, b, dY, saved: [normalised, inverse] }: GradientSite): InputGradient[] {
  const rank = b.rank(normalised);
  const others = range(rank).filter((axis) => axis !== 1);
  return [
    () => {
      const scale = multiply(b, perChannel(b, node.inputs[1], rank), inverse);
      return multiply(b, centred(b, dY, normalised, others), scale);
    },
    () => sum(b, multiply(b, dY, normalised), others, false),
    () => sum(b, dY, others, false),
  ];
}

/** g − mean(g) − x̂·mean(g·x̂): what is left of a gradient when mean and deviation follow the input. */
function centred(b: GraphBuilder, g: string, normalised: string, axes: readonly number[]): string {
  const flat = subtract(b, g, mean(b, g, axes));
  return subtract(b, flat, multiply(b, normalised, mean(b, multiply(b, g, normalised), axes)));
}

/** 1/√(σ² + ε). */
export function inverseDeviation(b: GraphBuilder, variance: string, epsilon: number): string {
  const root = b.op('Sqrt', [add(b, variance, b.scalar(epsilon, variance))]);
  return divide(b, b.scalar(1, variance), root);
}

/** float [C] as [1, C, 1 …], which broadcasts over pictures of a rank. */
export function perChannel(b: GraphBuilder, name: string, rank: number): string {
  return reshape(b, name, [1, b.dims(name)[0], ...Array<number>(rank - 2).fill(1)]);
}

function once(build: () => string): () => string {
  let built: string | undefined;
  return () => (built ??= build());
}
