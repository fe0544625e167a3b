/** `torch.optim.SGD`: the one optimizer that a first training loop needs. */
import { unrecorded } from '../../engine/tensors/autograd.ts';
import { typeError } from '../../engine/tensors/python-error.ts';
import { Tensor, valuesOf, writeValues } from '../../engine/tensors/tensor.ts';
import { toNumber } from './arguments.ts';
import {
  Callable,
  List,
  Tuple,
  TypeValue,
  isLayer,
  type Args,
  type LayerValue,
  type Value,
} from './values.ts';

/** The optimizers by name. */
export function makeOptimizers(): Record<string, TypeValue> {
  return { SGD: new TypeValue('SGD', (value) => isLayer(value) && value.type === 'SGD', makeDescent) };
}

/** Plain gradient descent, with momentum if asked for. It is kept as a layer without weights: a thing with methods. */
function makeDescent({ list, named }: Args): LayerValue {
  const [params = null] = list;
  const items: readonly Value[] = params instanceof List || params instanceof Tuple ? params.items : [];
  const weights = items.filter((one): one is Tensor => one instanceof Tensor);
  if (weights.length === 0)
    throw typeError('params argument given to the optimizer should be an iterable of Tensors');
  const rate = toNumber(named.get('lr') ?? list[1]) ?? 0.001;
  const momentum = toNumber(named.get('momentum') ?? list[2]) ?? 0;
  const moments = new Map<Tensor, Float64Array>();
  const step = (): Value => {
    unrecorded(() => {
      for (const weight of weights) {
        if (!weight.grad) continue;
        const before = moments.get(weight);
        const push = valuesOf(weight.grad).map((grad, at) => grad + momentum * (before?.[at] ?? 0));
        moments.set(weight, push);
        writeValues(
          weight,
          valuesOf(weight).map((value, at) => value - rate * push[at]),
        );
      }
    });
    return null;
  };
  return {
    isLayer: true,
    type: 'SGD',
    isTraining: true,
    weights: new Map(weights.map((weight, index) => [String(index), weight])),
    children: new Map(),
    facts: new Map([['step', new Callable('step', step)]]),
    forward: step,
    describe: () => `lr: ${rate}`,
  };
}
