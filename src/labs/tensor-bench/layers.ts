/** Layers of `torch.nn`: weights drawn from the seed as PyTorch draws them, and what each computes. */
import type { Generator } from '../../engine/tensors/random.ts';
import { randn, uniform } from '../../engine/tensors/random.ts';
import { linear } from '../../engine/tensors/matmul.ts';
import { embedding, layerNorm } from '../../engine/tensors/neural.ts';
import { typeError } from '../../engine/tensors/python-error.ts';
import { filled, Tensor, tensorOf } from '../../engine/tensors/tensor.ts';
import { multiply } from '../../engine/tensors/arithmetic.ts';
import { watch } from './assign.ts';
import { functional } from './functional.ts';
import { tensorMethod } from './operations.ts';
import { sayFloat } from '../../engine/tensors/numbers.ts';
import { truthOf } from './comparison.ts';
import { str } from './text.ts';
import {
  Callable,
  List,
  Tuple,
  TypeValue,
  isLayer,
  typeName,
  type Args,
  type LayerValue,
  type Value,
} from './values.ts';

/** A weight of a layer: it asks for its gradient. */
export function parameter(tensor: Tensor): Tensor {
  tensor.isParameter = true;
  tensor.isWatched = true;
  return tensor;
}

/** Arguments of a layer by the names of its parameters. Raises Python's TypeError for missing ones. */
function named(
  layer: string,
  names: readonly string[],
  required: number,
  { list, named: given }: Args,
): Map<string, Value> {
  const bound = new Map(given);
  names.forEach((name, index) => {
    if (index < list.length) bound.set(name, list[index]);
  });
  const missing = names.slice(0, required).filter((name) => !bound.has(name));
  if (missing.length) {
    const words = missing.map((name) => `'${name}'`).join(' and ');
    throw typeError(
      `${layer}.__init__() missing ${missing.length} required positional argument${missing.length > 1 ? 's' : ''}: ${words}`,
    );
  }
  const unknown = [...bound.keys()].find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw typeError(`${layer}.__init__() got an unexpected keyword argument '${unknown}'`);
  return bound;
}

function whole(value: Value | undefined, place: number): number {
  if (typeof value === 'bigint' || typeof value === 'boolean') return Number(value);
  throw typeError(
    `empty(): argument 'size' failed to unpack the object at pos ${place} with error "type must be tuple of ints,but got ${typeName(value ?? null)}"`,
  );
}

function layer(type: string, own: Partial<LayerValue> & Pick<LayerValue, 'forward'>): LayerValue {
  return {
    isLayer: true,
    type,
    isTraining: true,
    weights: new Map(),
    children: new Map(),
    facts: new Map(),
    describe: () => '',
    ...own,
  };
}

function first(args: Args, name: string): Tensor {
  const value = args.list[0] ?? args.named.get('input') ?? null;
  if (value instanceof Tensor) return value;
  throw typeError(
    name === 'embedding'
      ? `embedding(): argument 'indices' (position 2) must be Tensor, not ${typeName(value)}`
      : `${name}(): argument 'input' (position 1) must be Tensor, not ${typeName(value)}`,
  );
}

function makeLinear(args: Args, generator: Generator): LayerValue {
  const given = named('Linear', ['in_features', 'out_features', 'bias', 'device', 'dtype'], 2, args);
  const [inputs, outputs] = [whole(given.get('in_features'), 2), whole(given.get('out_features'), 1)];
  const hasBias = truthOf(given.get('bias') ?? true);
  // Kaiming's uniform with a = √5 is the bound 1/√in
  const bound = inputs > 0 ? 1 / Math.sqrt(inputs) : 0;
  const weights = new Map([['weight', parameter(uniform([outputs, inputs], -bound, bound, generator))]]);
  if (hasBias) weights.set('bias', parameter(uniform([outputs], -bound, bound, generator)));
  return layer('Linear', {
    weights,
    facts: new Map<string, Value>([
      ['in_features', BigInt(inputs)],
      ['out_features', BigInt(outputs)],
    ]),
    forward: (input) => linear(first(input, 'linear'), weights.get('weight') as Tensor, weights.get('bias')),
    describe: () => `in_features=${inputs}, out_features=${outputs}, bias=${hasBias ? 'True' : 'False'}`,
  });
}

function tableLayer(table: Tensor, padding: number | undefined): LayerValue {
  const [rows, width] = table.shape;
  const weights = new Map([['weight', table]]);
  return layer('Embedding', {
    weights,
    facts: new Map<string, Value>([
      ['num_embeddings', BigInt(rows)],
      ['embedding_dim', BigInt(width)],
      ['padding_idx', padding === undefined ? null : BigInt(padding)],
    ]),
    forward: (input) => embedding(weights.get('weight') as Tensor, first(input, 'embedding'), padding),
    describe: () => `${rows}, ${width}${padding === undefined ? '' : `, padding_idx=${padding}`}`,
  });
}

function makeEmbedding(args: Args, generator: Generator): LayerValue {
  const given = named(
    'Embedding',
    ['num_embeddings', 'embedding_dim', 'padding_idx', 'device', 'dtype'],
    2,
    args,
  );
  const [rows, width] = [whole(given.get('num_embeddings'), 1), whole(given.get('embedding_dim'), 2)];
  const padding = given.get('padding_idx');
  const table = parameter(randn([rows, width], generator));
  if (typeof padding === 'bigint')
    table.memory.data.fill(0, Number(padding) * width, (Number(padding) + 1) * width);
  return tableLayer(table, typeof padding === 'bigint' ? Number(padding) : undefined);
}

function makeNorm(args: Args): LayerValue {
  const given = named('LayerNorm', ['normalized_shape', 'eps', 'elementwise_affine', 'bias'], 1, args);
  const shape = given.get('normalized_shape');
  const width = Number(
    shape instanceof Tuple || shape instanceof List ? (shape.items[0] ?? 1n) : (shape ?? 1n),
  );
  const epsilon = Number(given.get('eps') ?? 1e-5);
  const weights = new Map([
    ['weight', parameter(filled([width], 1))],
    ['bias', parameter(filled([width], 0))],
  ]);
  return layer('LayerNorm', {
    weights,
    forward: (input) =>
      layerNorm(
        first(input, 'layer_norm'),
        weights.get('weight') as Tensor,
        weights.get('bias') as Tensor,
        epsilon,
      ),
    describe: () => `(${width},), eps=${sayFloat(epsilon)}, elementwise_affine=True, bias=True`,
  });
}

function makeDropout(args: Args, generator: Generator): LayerValue {
  const rate = Number(named('Dropout', ['p', 'inplace'], 0, args).get('p') ?? 0.5);
  const own = layer('Dropout', {
    forward: (input) => {
      const x = first(input, 'dropout');
      if (!own.isTraining || rate === 0) return x;
      const mask = tensorOf(
        Float64Array.from({ length: x.count }, () =>
          generator.uniform(x.dtype) < 1 - rate ? 1 / (1 - rate) : 0,
        ),
        x.shape,
        x.dtype,
      );
      return multiply(x, mask);
    },
    describe: () => `p=${sayFloat(rate)}, inplace=False`,
  });
  return own;
}

function makeSequential({ list }: Args, run: (callee: Value, args: Args) => Value): LayerValue {
  const children = new Map<string, LayerValue>();
  list.forEach((child, index) => {
    if (!isLayer(child)) throw typeError(`${typeName(child)} is not a Module subclass`);
    children.set(String(index), child);
  });
  return layer('Sequential', {
    children,
    forward: ({ list: input }) =>
      [...children.values()].reduce<Value>(
        (value, child) => run(child, { list: [value], named: new Map() }),
        input[0] ?? null,
      ),
  });
}

/** A layer without weights: a function with settings. */
function plain(
  type: string,
  work: (args: Args, settings: Map<string, Value>) => Value,
  names: readonly string[] = [],
  describe: (settings: Map<string, Value>) => string = () => '',
) {
  return (args: Args): LayerValue => {
    const settings = named(type, names, 0, args);
    return layer(type, { forward: (input) => work(input, settings), describe: () => describe(settings) });
  };
}

const method = (name: string) => (args: Args) =>
  tensorMethod(first(args, name), name)?.call({ list: [], named: new Map() }) ?? null;

/** The types of layers, by their name in `torch.nn`. */
export function makeLayers(
  generator: Generator,
  run: (callee: Value, args: Args) => Value,
): Record<string, TypeValue> {
  const dims = (name: string) =>
    plain(
      name,
      (args, settings) =>
        functional[name === 'Softmax' ? 'softmax' : 'log_softmax']({
          list: args.list,
          named: new Map([['dim', settings.get('dim') ?? null]]),
        }),
      ['dim'],
      (settings) => `dim=${str(settings.get('dim') ?? null)}`,
    );
  const loss = (name: string) =>
    plain(name === 'cross_entropy' ? 'CrossEntropyLoss' : 'MSELoss', (args) => functional[name](args));
  const kinds: Record<string, (args: Args) => LayerValue> = {
    Linear: (args) => makeLinear(args, generator),
    Embedding: (args) => makeEmbedding(args, generator),
    LayerNorm: makeNorm,
    Dropout: (args) => makeDropout(args, generator),
    Sequential: (args) => makeSequential(args, run),
    ReLU: plain('ReLU', method('relu')),
    Sigmoid: plain('Sigmoid', method('sigmoid')),
    Tanh: plain('Tanh', method('tanh')),
    GELU: plain(
      'GELU',
      (args) => functional['gelu'](args),
      ['approximate'],
      () => "approximate='none'",
    ),
    Identity: plain('Identity', ({ list }) => list[0] ?? null),
    Softmax: dims('Softmax'),
    LogSoftmax: dims('LogSoftmax'),
    CrossEntropyLoss: loss('cross_entropy'),
    MSELoss: loss('mse_loss'),
  };
  const fromPretrained = new Callable('from_pretrained', (args) => {
    const table = args.list[0];
    if (!(table instanceof Tensor)) throw typeError('from_pretrained() wants a tensor of rows');
    const own = parameter(
      tensorOf(table.memory.data.slice(table.offset, table.offset + table.count), table.shape, table.dtype),
    );
    return tableLayer(watch(own, !truthOf(args.named.get('freeze') ?? args.list[1] ?? true)), undefined);
  });
  return Object.fromEntries(
    Object.entries(kinds).map(([name, make]) => [
      name,
      new TypeValue(
        name,
        (value) => isLayer(value) && value.type === name,
        make,
        name === 'Embedding' ? { from_pretrained: fromPretrained } : {},
      ),
    ]),
  );
}
