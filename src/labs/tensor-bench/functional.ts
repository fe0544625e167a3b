/** `torch.nn.functional`: functions without weights of their own. */
import { divide, unary } from '../../engine/tensors/arithmetic.ts';
import { int64 } from '../../engine/tensors/dtype.ts';
import { linear } from '../../engine/tensors/matmul.ts';
import {
  embedding,
  meanSquaredError,
  negativeLogLikelihood,
  type Averaging,
} from '../../engine/tensors/neural.ts';
import { PythonError, runtimeError, typeError } from '../../engine/tensors/python-error.ts';
import { axisOf } from '../../engine/tensors/shapes.ts';
import { norm, sum } from '../../engine/tensors/reductions.ts';
import { logSoftmax, softmax } from '../../engine/tensors/rows.ts';
import { Tensor, filled, valuesOf } from '../../engine/tensors/tensor.ts';
import { multiply } from '../../engine/tensors/arithmetic.ts';
import { clamp } from '../../engine/tensors/choosing.ts';
import { expand, unsqueeze } from '../../engine/tensors/views.ts';
import { tensorMethod } from './operations.ts';
import { toNumber } from './arguments.ts';
import { typeName, type Args, type Value } from './values.ts';

function tensorAt({ list, named }: Args, at: number, name: string, of: string): Tensor {
  const value = list[at] ?? named.get(name) ?? null;
  if (value instanceof Tensor) return value;
  if (value === null) throw typeError(`${of}() missing 1 required positional argument: '${name}'`);
  throw typeError(`${of}(): argument '${name}' (position ${at + 1}) must be Tensor, not ${typeName(value)}`);
}

function averaging({ named }: Args): Averaging {
  const word = named.get('reduction') ?? 'mean';
  if (word === 'mean' || word === 'sum' || word === 'none') return word;
  throw new PythonError(
    'ValueError',
    `${typeof word === 'string' ? word : typeName(word)} is not a valid value for reduction`,
  );
}

function axisAt(args: Args, at: number, usual: number | undefined, of: string): number {
  const axis = toNumber(args.list[at] ?? args.named.get('dim'));
  if (axis === undefined && usual === undefined)
    throw typeError(`${of}() missing 1 required positional arguments: "dim"`);
  return axis ?? usual ?? 0;
}

/** The error function by its series and continued fraction, to double precision (Abramowitz and Stegun 7.1.6 and 7.1.14). */
function erf(x: number): number {
  const size = Math.abs(x);
  if (size > 6) return Math.sign(x);
  if (size < 3) {
    let [term, total] = [size, size];
    for (let n = 1; n < 80; n++) {
      term *= (2 * size * size) / (2 * n + 1);
      total += term;
    }
    return Math.sign(x) * ((2 / Math.sqrt(Math.PI)) * Math.exp(-size * size) * total);
  }
  let rest = 0;
  for (let n = 60; n > 0; n--) rest = n / 2 / (size + rest);
  return Math.sign(x) * (1 - Math.exp(-size * size) / ((size + rest) * Math.sqrt(Math.PI)));
}

const method =
  (name: string) =>
  (args: Args): Value =>
    tensorMethod(tensorAt(args, 0, 'input', name), name)?.call({
      list: args.list.slice(1),
      named: args.named,
    }) ?? null;

/** The functions by name. */
export const functional: Readonly<Record<string, (args: Args) => Value>> = {
  softmax: (args) => softmax(tensorAt(args, 0, 'input', 'softmax'), axisAt(args, 1, undefined, 'softmax')),
  log_softmax: (args) =>
    logSoftmax(tensorAt(args, 0, 'input', 'log_softmax'), axisAt(args, 1, undefined, 'log_softmax')),
  relu: method('relu'),
  sigmoid: method('sigmoid'),
  tanh: method('tanh'),
  gelu: (args) =>
    unary(
      tensorAt(args, 0, 'input', 'gelu'),
      'GeluBackward0',
      (x) => (x / 2) * (1 + erf(x / Math.SQRT2)),
      (x) => (1 + erf(x / Math.SQRT2)) / 2 + (x * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI),
    ),
  linear: (args) => {
    const bias = args.list[2] ?? args.named.get('bias');
    return linear(
      tensorAt(args, 0, 'input', 'linear'),
      tensorAt(args, 1, 'weight', 'linear'),
      bias instanceof Tensor ? bias : undefined,
    );
  },
  embedding: (args) =>
    embedding(tensorAt(args, 1, 'weight', 'embedding'), tensorAt(args, 0, 'input', 'embedding')),
  cross_entropy: (args) => {
    const [logits, labels] = [
      tensorAt(args, 0, 'input', 'cross_entropy'),
      tensorAt(args, 1, 'target', 'cross_entropy'),
    ];
    return negativeLogLikelihood(logSoftmax(logits, logits.rank === 1 ? 0 : 1), labels, averaging(args));
  },
  nll_loss: (args) =>
    negativeLogLikelihood(
      tensorAt(args, 0, 'input', 'nll_loss'),
      tensorAt(args, 1, 'target', 'nll_loss'),
      averaging(args),
    ),
  mse_loss: (args) =>
    meanSquaredError(
      tensorAt(args, 0, 'input', 'mse_loss'),
      tensorAt(args, 1, 'target', 'mse_loss'),
      averaging(args),
    ),
  normalize: (args) => {
    const input = tensorAt(args, 0, 'input', 'normalize');
    const length = norm(input, {
      axes: [toNumber(args.named.get('dim') ?? args.list[2]) ?? 1],
      keepdim: true,
    });
    return divide(input, expand(clamp(length, 1e-12, undefined), input.shape));
  },
  cosine_similarity: (args) => {
    const [a, b] = [
      tensorAt(args, 0, 'x1', 'cosine_similarity'),
      tensorAt(args, 1, 'x2', 'cosine_similarity'),
    ];
    const axis = toNumber(args.named.get('dim') ?? args.list[2]) ?? 1;
    const at = axisOf(axis, Math.max(a.rank, b.rank));
    const unit = (one: Tensor) =>
      divide(one, unsqueeze(clamp(norm(one, { axes: [at] }), 1e-8, undefined), at));
    return sum(multiply(unit(a), unit(b)), { axes: [at] });
  },
  one_hot: (args) => {
    const ids = tensorAt(args, 0, 'input', 'one_hot');
    const places = valuesOf(ids);
    const classes = toNumber(args.named.get('num_classes') ?? args.list[1]) ?? Math.max(...places) + 1;
    if (places.some((id) => id >= classes))
      throw runtimeError('Class values must be smaller than num_classes.');
    if (places.some((id) => id < 0)) throw runtimeError('Class values must be non-negative.');
    const table = filled([...ids.shape, classes], 0, int64);
    places.forEach((id, at) => (table.memory.data[at * classes + id] = 1));
    return table;
  },
};
